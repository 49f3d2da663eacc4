import { join } from 'node:path';
import { pythonEnvironment } from '../../../tools/python';

const local = join(__dirname, '../../../.local');

/** A Python with what Google's function and Duo's client need. */
export function python(): string {
  return pythonEnvironment(local, 'boto3==1.44.8', 'duo_client==5.7.0');
}

/** A Python with what the log sync asks for, and with what the checker of its settings needs. */
export function pythonOfLogSync(): string {
  return pythonEnvironment(
    local,
    'duo_client==5.5.0',
    'PyYAML==6.0.1',
    'Cerberus==1.3.2',
    'setuptools==80.9.0',
  );
}
