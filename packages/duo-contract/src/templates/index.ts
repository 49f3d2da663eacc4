export { arnText } from './arn-text';
export { checkLogType, checkTemplate } from './check';
export { type Deployment, type Grants, logTypeGrants } from './grants';
export { idsOfSeveralTypes } from './logical-ids';
export { parseTemplate, type Template } from './template';
