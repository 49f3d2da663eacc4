import { describe, expect, test } from '@jest/globals';
import { differences, type Finding } from '../scripts/lint-templates/checkov';
import { leftUnmet } from '../scripts/lint-templates/left-unmet';

const finding = (check_id: string, id: string): Finding => ({
  check_id,
  check_name: 'Ensure the S3 bucket has versioning enabled',
  resource: `AWS::S3::Bucket.${id}`,
});
const listed = [{ rule: 'CKV_AWS_21', on: ['Deployments'], why: 'It holds code.' }];

describe('of what checkov finds', () => {
  test('nothing is said where it is what is listed, in however many templates', () => {
    const found = finding('CKV_AWS_21', 'Deployments');
    expect(differences([found, found], listed)).toEqual([]);
  });

  test('the same rule on another resource is named, with what it wants', () => {
    const found = [finding('CKV_AWS_21', 'Deployments'), finding('CKV_AWS_21', 'Bucket')];
    expect(differences(found, listed)).toEqual([
      'CKV_AWS_21 on Bucket: Ensure the S3 bucket has versioning enabled. Keep the rule, or list it with its reason',
    ]);
  });

  test('what is listed in vain is named', () => {
    expect(differences([], listed)).toEqual([
      'CKV_AWS_21 on Deployments: is on the list, but checkov no longer finds it. Take it off the list',
    ]);
  });

  test('each rule is left unmet once on a resource, and for a reason', () => {
    const all = leftUnmet.flatMap(({ rule, on }) => on.map((id) => `${rule} on ${id}`));
    expect([...new Set(all)]).toEqual(all);
    for (const { why } of leftUnmet) expect(why).toMatch(/^[A-Z].{20,}\.$/);
  });
});
