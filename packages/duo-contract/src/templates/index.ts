export { arnText } from './arn-text';
export { checkLogType, checkTemplate, idsOfSeveralTypes } from './check';
export { type Deployment, type Grants, logTypeGrants } from './grants';
export { parseTemplate, type Template } from './template';
