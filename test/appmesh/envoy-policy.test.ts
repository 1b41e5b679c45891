import { Chart } from 'cdk8s';
import { appmesh, CompanionFile } from '../../src';
import { chart, synthesized } from '../synthesized';

const environment = { account: '111122223333', region: 'eu-west-1' };
const { EnvoyPolicy, TlsCertificate, TlsTrust, VirtualGatewayListener, VirtualNode } = appmesh;

function meshed(props: appmesh.MeshProps = {}): Chart {
  const scope = chart();
  new appmesh.Mesh(scope, 'Shop', props).addNamespaceByName('web');
  return scope;
}
const written = (scope: Chart) => scope.node.findAll().filter((each): each is CompanionFile => each instanceof CompanionFile)
  .map((file) => [file.path, JSON.parse(file.render())]);

test('allows the Envoys of what is granted, and nothing else', () => {
  const scope = meshed();
  const policy = new EnvoyPolicy(scope, 'Policy', { policyName: 'envoys', environment });
  policy.grantVirtualNode(new VirtualNode(scope, 'Orders', { podLabels: { app: 'orders' } }));
  policy.grantVirtualNode(VirtualNode.fromVirtualNodeAttributes(scope, 'Users', { name: 'users', awsName: 'users' }));
  policy.grantVirtualGateway(appmesh.VirtualGateway.fromVirtualGatewayName(scope, 'Edge', 'edge'));
  expect(written(scope)).toEqual([['iam/envoys.json', {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Action: 'appmesh:StreamAggregatedResources',
      Resource: [
        'arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualGateway/edge_web',
        'arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/orders_web',
        'arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualNode/users',
      ],
    }],
  }]]);
});

test('a shared mesh is addressed with its owner, a partition is said', () => {
  const scope = meshed({ awsName: 'shop-eu', meshOwner: '444455556666' });
  const policy = new EnvoyPolicy(scope, 'Policy', { policyName: 'envoys', environment: { ...environment, region: 'cn-north-1', partition: 'aws-cn' } });
  policy.grantVirtualNode(new VirtualNode(scope, 'Orders'));
  expect(written(scope)[0][1].Statement[0].Resource).toEqual(['arn:aws-cn:appmesh:cn-north-1:111122223333:mesh/shop-eu@444455556666/virtualNode/orders_web']);
});

test('allows the certificates of ACM that listeners show and clients believe', () => {
  const scope = meshed();
  const certificate = 'arn:aws:acm:eu-west-1:111122223333:certificate/1';
  const authority = 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1';
  const policy = new EnvoyPolicy(scope, 'Policy', { policyName: 'envoys', environment });
  policy.grantVirtualGateway(new appmesh.VirtualGateway(scope, 'Edge', {
    listeners: [VirtualGatewayListener.http({ port: 8088, tls: appmesh.ListenerTls.strict({ certificate: TlsCertificate.acm(certificate) }) })],
  }));
  policy.grantVirtualNode(new VirtualNode(scope, 'Orders', { backendDefaults: { tlsClientPolicy: { trust: TlsTrust.acm(authority) } } }));
  expect(written(scope)[0][1].Statement.slice(1)).toEqual([
    { Effect: 'Allow', Action: 'acm:ExportCertificate', Resource: [certificate] },
    { Effect: 'Allow', Action: 'acm-pca:GetCertificateAuthorityCertificate', Resource: [authority] },
  ]);
});

test.each<[string, any, string]>([
  ['no account', { region: 'eu-west-1' }, 'environment.account must be an account of 12 digits, got "undefined"'],
  ['a wrong account', { account: '1111', region: 'eu-west-1' }, 'got "1111"'],
  ['no region', { account: '111122223333' }, 'environment.region must be a region such as "ap-northeast-1", got "undefined"'],
  ['a wrong region', { account: '111122223333', region: '${AWS_REGION}' }, 'got "${AWS_REGION}"'],
  ['a wrong partition', { account: '111122223333', region: 'eu-west-1', partition: 'gcp' }, 'environment.partition must be a partition such as "aws", got "gcp"'],
])('refuses %s', (_, wrong, message) => {
  expect(() => new EnvoyPolicy(chart(), 'Policy', { policyName: 'envoys', environment: wrong })).toThrow(message);
});

test('refuses a name that IAM has not, a policy of nothing, and a mesh that nobody knows', () => {
  const scope = chart();
  expect(() => new EnvoyPolicy(scope, 'Bad', { policyName: 'a b', environment })).toThrow('EnvoyPolicy a b: a policy\'s name has 1 to 128');
  const policy = new EnvoyPolicy(scope, 'Policy', { policyName: 'envoys', environment });
  expect(() => synthesized(scope)).toThrow('EnvoyPolicy envoys: grants nothing');
  policy.grantVirtualNode(VirtualNode.fromVirtualNodeName(scope, 'Orders', 'orders'));
  expect(() => written(scope)).toThrow('the app knows of no mesh that selects the namespace web');
});

test.each<[string, () => unknown, string]>([
  ['no certificate', () => TlsCertificate.acm('arn:aws:iam::1:x'), 'TlsCertificate.acm: a certificate ARN is written'],
  ['no authority', () => TlsTrust.acm(), 'TlsTrust.acm: takes 1 to 3 certificate authorities, got 0'],
  ['a certificate in place of an authority', () => TlsTrust.acm('arn:aws:acm:eu-west-1:111122223333:certificate/1'), 'an authority\'s ARN is written'],
  ['a relative path', () => TlsTrust.file('ca.pem'), 'begins with "/", got "ca.pem"'],
  ['a Secret without name', () => TlsCertificate.sds(''), 'secretName must not be empty'],
])('TLS refuses %s', (_, make, message) => {
  expect(make).toThrow(message);
});
