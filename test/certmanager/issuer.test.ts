import { JsonPatch, Testing } from 'cdk8s';
import { certmanager, CloudIdentity, CompanionFile, Prerequisites } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { AcmeSolver, ClusterIssuer, Issuer, IssuerConfig } = certmanager;
const AZURE = '6f1d2b0a-3c4d-4e5f-8a9b-0c1d2e3f4a5b';

test('an ACME issuer with every solver', () => {
  const scope = chart();
  new ClusterIssuer(scope, 'LetsencryptProd', {
    config: IssuerConfig.acme({
      email: 'ops@example.com',
      preferredChain: 'ISRG Root X1',
      solvers: [
        AcmeSolver.http01({ ingressClassName: 'contour' }),
        AcmeSolver.azureDns({ subscriptionId: 'sub', resourceGroup: 'dns', hostedZone: 'example.com', identity: CloudIdentity.azure(AZURE), dnsZones: ['example.com'] }),
        AcmeSolver.route53({ region: 'eu-west-1', hostedZoneId: 'Z1', dnsNames: ['a.example.net'] }),
        AcmeSolver.cloudDns({ project: 'acme-dns', hostedZone: 'example-org' }),
      ],
    }),
  });
  const object = only(synthesized(scope), 'ClusterIssuer');
  expect(object).toEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: 'letsencrypt-prod' },
    spec: {
      acme: {
        server: 'https://acme-v02.api.letsencrypt.org/directory',
        email: 'ops@example.com',
        preferredChain: 'ISRG Root X1',
        privateKeySecretRef: { name: 'letsencrypt-prod-account' },
        solvers: [
          { http01: { ingress: { ingressClassName: 'contour' } } },
          {
            dns01: { azureDNS: { subscriptionID: 'sub', resourceGroupName: 'dns', hostedZoneName: 'example.com', managedIdentity: { clientID: AZURE } } },
            selector: { dnsZones: ['example.com'] },
          },
          { dns01: { route53: { region: 'eu-west-1', hostedZoneID: 'Z1' } }, selector: { dnsNames: ['a.example.net'] } },
          { dns01: { cloudDNS: { project: 'acme-dns', hostedZoneName: 'example-org' } } },
        ],
      },
    },
  });
  expect(schemaErrors(object)).toEqual([]);
});

test('an authority of one\'s own and self-signed certificates', () => {
  const scope = chart();
  new Issuer(scope, 'Authority', { config: IssuerConfig.ca({ secretName: 'authority-key' }) });
  new Issuer(scope, 'Self', { config: IssuerConfig.selfSigned() });
  const objects = synthesized(scope);
  expect(only(objects, 'Issuer', 'authority')).toMatchObject({ metadata: { namespace: 'web' }, spec: { ca: { secretName: 'authority-key' } } });
  expect(only(objects, 'Issuer', 'self').spec).toEqual({ selfSigned: {} });
  expect(objects.flatMap(schemaErrors)).toEqual([]);
});

test('the identity of a solver goes into the values of cert-manager\'s chart and into the prerequisites', () => {
  const scope = chart();
  new ClusterIssuer(scope, 'Prod', {
    config: IssuerConfig.acme({
      solvers: [
        AcmeSolver.azureDns({ subscriptionId: 's', resourceGroup: 'r', identity: CloudIdentity.azure(AZURE) }),
        AcmeSolver.cloudDns({ project: 'p', identity: CloudIdentity.gcp('dns-writer@acme-prod.iam.gserviceaccount.com') }),
      ],
    }),
  });
  const values = scope.node.findAll().find((construct): construct is CompanionFile => construct instanceof CompanionFile)!;
  expect(values.path).toBe('cert-manager/prod-values.yaml');
  expect(values.render()).toBe([
    'serviceAccount:',
    '  annotations:',
    `    azure.workload.identity/client-id: ${AZURE}`,
    '    iam.gke.io/gcp-service-account: dns-writer@acme-prod.iam.gserviceaccount.com',
    'podLabels:',
    '  azure.workload.identity/use: "true"',
    '',
  ].join('\n'));
  expect(Prerequisites.of(scope).list()).toEqual([
    expect.objectContaining({
      kind: 'Federated identity credential',
      value: AZURE,
      purpose: 'lets ServiceAccount cert-manager/cert-manager write challenge records to Azure DNS',
      reliedOnBy: ['ClusterIssuer//prod'],
    }),
    expect.objectContaining({ kind: 'Workload identity binding', reliedOnBy: ['ClusterIssuer//prod'] }),
  ]);
});

test('an identity that leaves nothing on the ServiceAccount makes no values file', () => {
  const scope = chart();
  new Issuer(scope, 'Prod', { config: IssuerConfig.acme({ solvers: [AcmeSolver.route53({ identity: CloudIdentity.eksPodIdentity() })] }) });
  expect(scope.node.findAll().filter((construct) => construct instanceof CompanionFile)).toEqual([]);
  expect(Prerequisites.of(scope).list().map(({ kind }) => kind)).toEqual(['EKS Pod Identity association']);
});

test('cert-manager has one ServiceAccount, so two identities of one cloud are refused', () => {
  const scope = chart();
  const roles = ['arn:aws:iam::111122223333:role/a', 'arn:aws:iam::111122223333:role/b'];
  const solvers = roles.map((role) => AcmeSolver.route53({ identity: CloudIdentity.aws(role) }));
  expect(() => new Issuer(scope, 'Prod', { config: IssuerConfig.acme({ solvers }) }))
    .toThrow(`Issuer web/prod: cert-manager has one ServiceAccount and takes one eks.amazonaws.com/role-arn, got "${roles[0]}" and "${roles[1]}"`);
  expect(() => new Issuer(scope, 'Same', { config: IssuerConfig.acme({ solvers: [solvers[0], solvers[0]] }) })).not.toThrow();
});

test('refuses what no server and no cloud would take', () => {
  expect(() => IssuerConfig.acme({ solvers: [] })).toThrow('IssuerConfig.acme: name at least one solver');
  expect(() => IssuerConfig.acme({ server: 'http://acme.example.com', solvers: [AcmeSolver.http01()] })).toThrow('server is an https address, got "http://acme.example.com"');
  expect(() => IssuerConfig.acme({ email: 'ops', solvers: [AcmeSolver.http01()] })).toThrow('email is written like "ops@example.com", got "ops"');
  expect(() => IssuerConfig.ca({ secretName: '' })).toThrow('IssuerConfig.ca: Secret name must not be empty');
  expect(() => AcmeSolver.http01({ ingressClassName: 'Contour' })).toThrow('AcmeSolver.http01: ingressClassName: name must be');
  expect(() => AcmeSolver.http01({ dnsNames: ['no name'] })).toThrow('AcmeSolver.http01: a DNS name or zone is written like "example.com", got "no name"');
  expect(() => AcmeSolver.azureDns({ subscriptionId: '', resourceGroup: 'dns' })).toThrow('AcmeSolver.azureDns: subscriptionId must not be empty');
  expect(() => AcmeSolver.cloudDns({ project: '' })).toThrow('AcmeSolver.cloudDns: project must not be empty');
  expect(() => AcmeSolver.route53({ identity: CloudIdentity.azure(AZURE) })).toThrow('AcmeSolver.route53: the zone is written with an identity of aws, got one of azure; use CloudIdentity.aws()');
  const scope = chart();
  expect(() => new ClusterIssuer(scope, 'X', { config: IssuerConfig.acme({ accountSecretName: 'A_B', solvers: [AcmeSolver.http01()] }) })).toThrow('IssuerConfig.acme: Secret name must be');
  expect(() => new Issuer(scope, 'Y', { name: 'Not A Name', config: IssuerConfig.selfSigned() })).toThrow('got "Not A Name"');
});

test('patches in the wire\'s spelling arrive on both kinds', () => {
  const scope = Testing.chart();
  for (const issuer of [new Issuer(scope, 'A', { config: IssuerConfig.selfSigned() }), new ClusterIssuer(scope, 'B', { config: IssuerConfig.selfSigned() })]) {
    issuer.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', true));
  }
  expect(synthesized(scope).map((object) => object.spec.brandNew)).toEqual([true, true]);
});
