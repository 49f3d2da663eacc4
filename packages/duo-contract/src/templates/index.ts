export { checkAccounts, type StarterDeployment } from './accounts';
export { arnText } from './arn-text';
export { checkLogType, checkTemplate, idsOfSeveralTypes } from './check';
export { type Deployment, type Grants, logTypeGrants, networkActions } from './grants';
export { checkLake, type LakeDeployment } from './lake';
export { parseTemplate, type Template } from './template';
