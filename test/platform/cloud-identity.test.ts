import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as kplus33 from 'cdk8s-plus-33';
import { CloudIdentity, CloudProvider, Prerequisites } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const ROLE = 'arn:aws:iam::111122223333:role/edge/collector';
const CLIENT = '11111111-2222-3333-4444-555555555555';
const TENANT = '66666666-7777-8888-9999-aaaaaaaaaaaa';
const ACCOUNT = 'collector@my-project.iam.gserviceaccount.com';

test('AWS: the role on the ServiceAccount, nothing on the pods', () => {
  const identity = CloudIdentity.aws(ROLE);
  expect(identity.provider).toBe(CloudProvider.AWS);
  expect(identity.subject).toBe(ROLE);
  expect(identity.serviceAccountAnnotations).toEqual({ 'eks.amazonaws.com/role-arn': ROLE });
  expect(identity.podLabels).toEqual({});
});

test('EKS Pod Identity: nothing on either, the association is made in EKS', () => {
  for (const identity of [CloudIdentity.eksPodIdentity(), CloudIdentity.eksPodIdentity(ROLE)]) {
    expect(identity.provider).toBe(CloudProvider.AWS);
    expect(identity.serviceAccountAnnotations).toEqual({});
    expect(identity.podLabels).toEqual({});
  }
  expect(CloudIdentity.eksPodIdentity().subject).toBeUndefined();
  expect(CloudIdentity.eksPodIdentity(ROLE).subject).toBe(ROLE);
});

test('Azure: the client on the ServiceAccount, the label on the pods', () => {
  const identity = CloudIdentity.azure(CLIENT, { tenantId: TENANT });
  expect(identity.provider).toBe(CloudProvider.AZURE);
  expect(identity.serviceAccountAnnotations).toEqual({ 'azure.workload.identity/client-id': CLIENT, 'azure.workload.identity/tenant-id': TENANT });
  expect(identity.podLabels).toEqual({ 'azure.workload.identity/use': 'true' });
  expect(CloudIdentity.azure(CLIENT).serviceAccountAnnotations).toEqual({ 'azure.workload.identity/client-id': CLIENT });
});

test('Google: the service account on the ServiceAccount', () => {
  const identity = CloudIdentity.gcp(ACCOUNT);
  expect(identity.provider).toBe(CloudProvider.GCP);
  expect(identity.serviceAccountAnnotations).toEqual({ 'iam.gke.io/gcp-service-account': ACCOUNT });
  expect(identity.podLabels).toEqual({});
});

test.each([
  ['cdk8s-plus-27', (scope: any) => new kplus.ServiceAccount(scope, 'Account', { metadata: { name: 'collector' } })],
  ['cdk8s-plus-33', (scope: any) => new kplus33.ServiceAccount(scope, 'Account', { metadata: { name: 'collector' } })],
  ['a plain object', (scope: any) => new ApiObject(scope, 'Account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'collector' } })],
])('annotates a ServiceAccount of %s and notes what the cloud has to know', (_, account) => {
  const scope = chart();
  CloudIdentity.aws(ROLE).applyTo(account(scope), 'write traces');
  expect(only(synthesized(scope), 'ServiceAccount').metadata).toMatchObject({
    name: 'collector', namespace: 'web', annotations: { 'eks.amazonaws.com/role-arn': ROLE },
  });
  expect(Prerequisites.of(scope).list()).toEqual([{
    kind: 'IAM role',
    value: ROLE,
    purpose: 'lets ServiceAccount web/collector write traces',
    command: expect.stringContaining('system:serviceaccount:web:collector'),
    reliedOnBy: ['ServiceAccount/web/collector'],
  }]);
});

test.each([
  ['IAM role', CloudIdentity.aws(ROLE), 'aws iam update-assume-role-policy --role-name collector '],
  ['EKS Pod Identity association', CloudIdentity.eksPodIdentity(ROLE), '--namespace web --service-account collector --role-arn arn:aws:iam::'],
  ['EKS Pod Identity association', CloudIdentity.eksPodIdentity(), '--role-arn <role ARN>'],
  ['Federated identity credential', CloudIdentity.azure(CLIENT), '--subject system:serviceaccount:web:collector'],
  ['Workload identity binding', CloudIdentity.gcp(ACCOUNT), '[web/collector]'],
])('the prerequisite %s has its command', (kind, identity, part) => {
  const scope = chart();
  identity.applyTo(new kplus.ServiceAccount(scope, 'Account', { metadata: { name: 'collector' } }), 'x');
  const [prerequisite] = Prerequisites.of(scope).list();
  expect(prerequisite.kind).toBe(kind);
  expect(prerequisite.command).toContain(part);
  // Quotes that do not close would swallow the next command.
  expect((prerequisite.command.match(/'/g) ?? []).length % 2).toBe(0);
  expect((prerequisite.command.match(/"/g) ?? []).length % 2).toBe(0);
});

test('refuses what is no role, client, tenant or service account', () => {
  for (const arn of ['', 'collector', 'arn:aws:iam::1234:role/x', 'arn:aws:iam::111122223333:user/x', 'arn:aws:iam::111122223333:role/', `${ROLE} `]) {
    expect(() => CloudIdentity.aws(arn)).toThrow(`CloudIdentity.aws: a role ARN is written arn:aws:iam::<12 digits>:role/<name>, got "${arn}"`);
    expect(() => CloudIdentity.eksPodIdentity(arn)).toThrow(`got "${arn}"`);
  }
  expect(() => CloudIdentity.aws('arn:aws-cn:iam::111122223333:role/x')).not.toThrow();
  expect(() => CloudIdentity.azure('client')).toThrow('CloudIdentity.azure: the client id is a GUID, got "client"');
  expect(() => CloudIdentity.azure(CLIENT, { tenantId: 'x' })).toThrow('CloudIdentity.azure: the tenant id is a GUID, got "x"');
  for (const account of ['collector', 'collector@example.com', 'c@my-project.iam.gserviceaccount.com']) {
    expect(() => CloudIdentity.gcp(account)).toThrow(`CloudIdentity.gcp: a service account is written <name>@<project>.iam.gserviceaccount.com, got "${account}"`);
  }
});
