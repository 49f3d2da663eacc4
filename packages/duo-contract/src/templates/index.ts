export { checkAccounts, type StarterDeployment } from './accounts';
export { checkLogType, checkTemplate, idsOfSeveralTypes } from './check';
export { checkLake, type LakeDeployment } from './lake';
export { arnText } from './rights/arn-text';
export { type Deployment, type Grants, logTypeGrants, networkActions } from './rights/grants';
export { parseTemplate, type Template } from './template';
