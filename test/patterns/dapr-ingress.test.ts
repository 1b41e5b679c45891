import { Chart, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { daprApp, daprSystem, sidecarRoutes } from './dapr-ingress-system';
import { certmanager, ContourChart, contour, dapr, DaprIngress, DaprIngressProps, DaprIngressTls, DaprTarget, Prerequisites } from '../../src';
import { schemaErrors } from '../schema-validation';
import { only, synthesized } from '../synthesized';

const EnvoyPods = { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/instance': 'contour-ingress', 'app.kubernetes.io/component': 'envoy' };
const STRIPPED = ['dapr-callee-app-id', 'dapr-caller-app-id', 'dapr-caller-namespace', 'dapr-api-token'];
const aggregator = DaprTarget.app('aggregator', 'web');
const orders = DaprTarget.app('orders', 'shop');

function bare(props: DaprIngressProps = {}) {
  const app = Testing.app();
  const chart = new Chart(app, 'platform');
  const ingress = new DaprIngress(chart, 'Ingress', { namespace: 'ingress-system', issuer: 'letsencrypt-prod', ...props });
  return { app, chart, ingress, objects: () => synthesized(app), values: () => parse(ingress.contourValues.render()) };
}

describe('what is emitted', () => {
  test('a proxy with weighted routes by app id, and nothing that a client could change about it', () => {
    const service = (appId: string, weight: number) => ({
      name: 'contour-ingress-headless',
      port: 3500,
      weight,
      requestHeadersPolicy: { set: [{ name: 'dapr-app-id', value: appId }], remove: STRIPPED },
    });
    const services = [service('aggregator.web', 70), service('aggregator-2.web', 30)];
    const shared = { services, pathRewritePolicy: { replacePrefix: [{ replacement: '/' }] }, timeoutPolicy: { response: '60s' } };
    expect(only(daprSystem().objects(), 'HTTPProxy')).toEqual({
      apiVersion: 'projectcontour.io/v1',
      kind: 'HTTPProxy',
      metadata: { name: 'aggregator.example.com', namespace: 'ingress-system' },
      spec: {
        virtualhost: { fqdn: 'aggregator.example.com', tls: { secretName: 'aggregator.example.com-tls' } },
        routes: [
          { ...shared, conditions: [{ header: { name: ':path', regex: '/backend(\\?.*)?' } }, { prefix: '/backend' }] },
          { ...shared, conditions: [{ prefix: '/backend/' }] },
          { conditions: [{ regex: '/backend/(\\.internal|actors|dapr|job)(/.*)?' }], directResponsePolicy: { statusCode: 404 } },
        ],
      },
    });
  });

  test('a certificate for exactly the host', () => {
    expect(only(daprSystem().objects(), 'Certificate')).toEqual({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'aggregator.example.com', namespace: 'ingress-system' },
      spec: {
        dnsNames: ['aggregator.example.com'],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'letsencrypt-prod' },
        privateKey: { rotationPolicy: 'Always' },
        secretName: 'aggregator.example.com-tls',
      },
    });
  });

  test('a headless Service of Envoy\'s pods: HTTP always, gRPC with a gRPC route, metrics when scraped', () => {
    const ports = (system: ReturnType<typeof daprSystem>) => only(system.objects(), 'Service').spec.ports.map(({ name, port }: any) => `${name}:${port}`);
    expect(only(daprSystem().objects(), 'Service')).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'contour-ingress-headless', namespace: 'ingress-system' },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: EnvoyPods,
        ports: [{ name: 'dapr-http', port: 3500, targetPort: 3500, protocol: 'TCP', appProtocol: 'http' }],
      },
    });
    expect(ports(daprSystem({ build: (ingress) => ingress.host('aggregator.example.com').grpc('shop.Orders', { to: [orders] }) }))).toEqual(['dapr-http:3500', 'dapr-grpc:50001']);
    expect(ports(daprSystem({ ingress: { scrapedFrom: ['monitoring'] } }))).toEqual(['dapr-http:3500', 'dapr-metrics:9090']);
    expect(ports(daprSystem({ ingress: { grpc: true, scrapedFrom: ['monitoring'] } }))).toEqual(['dapr-http:3500', 'dapr-grpc:50001', 'dapr-metrics:9090']);
  });

  test('a NetworkPolicy: clients, Envoy itself, scrapers', () => {
    const policy = (system: ReturnType<typeof daprSystem>) => only(system.objects(), 'NetworkPolicy');
    const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
    const clients = { ports: tcp(8080, 8443) };
    const envoy = (...ports: number[]) => ({ from: [{ podSelector: { matchLabels: EnvoyPods } }], ports: tcp(...ports) });
    expect(policy(daprSystem())).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'contour-ingress', namespace: 'ingress-system' },
      spec: { podSelector: { matchLabels: EnvoyPods }, policyTypes: ['Ingress'], ingress: [clients, envoy(3500)] },
    });
    expect(policy(daprSystem({ ingress: { grpc: true, scrapedFrom: ['monitoring', 'kube-system'] } })).spec.ingress).toEqual([
      clients,
      envoy(3500, 50001),
      {
        from: ['monitoring', 'kube-system'].map((name) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } })),
        ports: tcp(8002, 9090),
      },
    ]);
  });

  test('a Configuration that allows invoking and nothing else, and lets nobody invoke the ingress', () => {
    const tracing = dapr.Tracing.zipkin('http://otel-collector.otel-system:9411/api/v2/spans');
    expect(only(daprSystem({ ingress: { tracing, trustDomain: 'edge' } }).objects(), 'Configuration', 'contour-ingress')).toEqual({
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Configuration',
      metadata: { name: 'contour-ingress', namespace: 'ingress-system' },
      spec: {
        api: { allowed: [{ name: 'invoke', version: 'v1', protocol: 'http' }, { name: 'invoke', version: 'v1', protocol: 'grpc' }] },
        accessControl: { defaultAction: 'deny', trustDomain: 'edge' },
        tracing: { samplingRate: '1', zipkin: { endpointAddress: 'http://otel-collector.otel-system:9411/api/v2/spans' } },
      },
    });
  });

  test('the applications of the routes let the ingress in, for all but internal paths, and no others do', () => {
    const objects = daprSystem({ ingress: { trustDomain: 'edge' } }).objects();
    const denied = ['/.internal/**', '/actors/**', '/dapr/**', '/job/**'].map((name) => ({ name, httpVerb: ['*'], action: 'deny' }));
    for (const name of ['aggregator', 'aggregator-2']) {
      expect(only(objects, 'Configuration', name).spec.accessControl).toEqual({
        defaultAction: 'deny',
        trustDomain: 'public',
        policies: [{ appId: 'contour-ingress', namespace: 'ingress-system', trustDomain: 'edge', defaultAction: 'allow', operations: denied }],
      });
    }
    expect(only(objects, 'Configuration', 'timefeed').spec.accessControl.policies.map(({ appId }: any) => appId)).toEqual(['aggregator', 'aggregator-2']);
  });

  test('every object suits its schema, with every knob turned', () => {
    const everything = daprSystem({
      ingress: {
        grpc: true,
        scrapedFrom: ['monitoring'],
        ingressClassName: 'edge',
        externalDns: true,
        tracing: dapr.Tracing.off(),
        sidecar: { grpcPort: 50011, metricsPort: 9091, maxBodySize: Size.mebibytes(16), dualStack: true },
      },
      build: (ingress) => ingress.host('*.example.com').grpc('shop.Orders', { to: [orders], method: 'Get' }),
    });
    for (const system of [daprSystem(), everything]) expect(system.objects().flatMap(schemaErrors)).toEqual([]);
  });

  test('the same input gives the same bytes', () => {
    const [first, second] = [daprSystem(), daprSystem()].map((system) => JSON.stringify([system.objects(), system.files()]));
    expect(first).toBe(second);
  });

  test('a patch arrives on every object', () => {
    const { ingress, objects } = daprSystem();
    const host = ingress.host('aggregator.example.com');
    const made = [ingress.configuration, ingress.service, ingress.networkPolicy!, host.proxy, host.certificate!];
    for (const each of made) each.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { clusterIP: 1 }));
    const patched = objects().filter(({ spec }) => spec.brandNew?.clusterIP === 1);
    expect(patched.map(({ kind }) => kind).sort()).toEqual(made.map(({ kind }) => kind).sort());
  });
});

describe('the values of Contour\'s chart', () => {
  test('put a closed sidecar beside Envoy, without a token', () => {
    expect(daprSystem().values()).toEqual({
      envoy: {
        hostNetwork: false,
        automountServiceAccountToken: false,
        serviceAccount: { automountServiceAccountToken: false },
        networkPolicy: { enabled: false },
        podAnnotations: {
          'dapr.io/enabled': 'true',
          'dapr.io/app-id': 'contour-ingress',
          'dapr.io/config': 'contour-ingress',
          'dapr.io/sidecar-listen-addresses': '0.0.0.0',
          'dapr.io/disable-builtin-k8s-secret-store': 'true',
          'dapr.io/enable-metrics': 'false',
          'dapr.io/max-body-size': '4Mi',
          'dapr.io/read-buffer-size': '64Ki',
        },
      },
    });
  });

  test('have annotations for scrapers, a class, hosts for ExternalDNS and the sidecar\'s settings when asked', () => {
    const values = daprSystem({
      ingress: {
        scrapedFrom: ['monitoring'],
        ingressClassName: 'edge',
        externalDns: true,
        sidecar: {
          grpcPort: 50011,
          internalGrpcPort: 50002,
          metricsPort: 9091,
          maxBodySize: Size.mebibytes(16),
          readBufferSize: Size.kibibytes(128),
          dualStack: true,
          logLevel: dapr.LogLevel.WARN,
          resources: { cpuRequest: '100m' },
        },
      },
      build: (ingress) => ingress.host('*.example.com').route('/', { to: [orders] }),
    }).values();
    expect(values.contour).toEqual({
      ingressClass: { name: 'edge' },
      podAnnotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/path': '/metrics', 'prometheus.io/port': '8000' },
    });
    expect(values.envoy.service).toEqual({ annotations: { 'external-dns.alpha.kubernetes.io/hostname': '*.example.com,aggregator.example.com' } });
    expect(values.envoy.podAnnotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/port': '8002',
      'dapr.io/enable-metrics': 'true',
      'dapr.io/metrics-port': '9091',
      'dapr.io/grpc-port': '50011',
      'dapr.io/internal-grpc-port': '50002',
      'dapr.io/sidecar-listen-addresses': '[::],0.0.0.0',
      'dapr.io/max-body-size': '16Mi',
      'dapr.io/read-buffer-size': '128Ki',
      'dapr.io/log-level': 'warn',
      'dapr.io/sidecar-cpu-request': '100m',
    });
  });

  test('open the sidecar to Envoy in the chart\'s own NetworkPolicy, where ours is not wanted', () => {
    const system = daprSystem({ ingress: { networkPolicy: false, grpc: true } });
    expect(system.objects().filter(({ kind }) => kind === 'NetworkPolicy')).toEqual([]);
    expect(system.values().envoy.networkPolicy).toEqual({
      enabled: true,
      extraIngress: [{ from: [{ podSelector: { matchLabels: EnvoyPods } }], ports: [{ protocol: 'TCP', port: 3500 }, { protocol: 'TCP', port: 50001 }] }],
    });
  });

  test('name Bitnami\'s images where they are now', () => {
    const { ingress, values } = bare({ chart: ContourChart.bitnami({ release: 'edge', version: '21.1.4' }) });
    expect(values()).toMatchObject({
      global: { security: { allowInsecureImages: true } },
      contour: { image: { repository: 'bitnamilegacy/contour' } },
      envoy: { image: { repository: 'bitnamilegacy/envoy' }, hostNetwork: false },
    });
    ingress.host('a.example.com').route('/', { to: [aggregator] });
    expect(ingress.service.selector['app.kubernetes.io/instance']).toBe('edge');
    const commands = Prerequisites.of(ingress).list().map(({ command }) => command).join('\n');
    expect(commands).toContain('helm upgrade --install edge contour --repo https://charts.bitnami.com/bitnami --version 21.1.4 --namespace ingress-system --create-namespace --values ingress/contour-values.yaml');
    expect(commands).toContain('kubectl --namespace ingress-system get service edge-contour-envoy');
  });

  test('Dapr\'s control plane logs as JSON', () => {
    const { ingress } = bare();
    expect(ingress.daprValues.path).toBe('ingress/dapr-values.yaml');
    expect(parse(ingress.daprValues.render())).toEqual({ global: { logAsJson: true } });
  });
});

describe('hosts and certificates', () => {
  test('a host asked for again is the same, with options only once', () => {
    const { ingress } = bare();
    const host = ingress.host('a.example.com', { name: 'a' });
    expect(ingress.host('a.example.com')).toBe(host);
    expect(() => ingress.host('a.example.com', { name: 'b' })).toThrow('DaprIngress ingress-system/ingress: host a.example.com: it is there already; give its options once');
    expect([host.proxy.name, host.certificate?.name, host.certificate?.secretName]).toEqual(['a', 'a', 'a-tls']);
  });

  test('a wildcard has a name of its own, and an issuer that can prove it', () => {
    const { chart, ingress, objects } = bare();
    ingress.host('*.example.com').route('/', { to: [aggregator] });
    expect(only(objects(), 'HTTPProxy').metadata.name).toBe('wildcard.example.com');
    expect(Prerequisites.of(ingress).list().find(({ kind }) => kind === 'ClusterIssuer')?.purpose).toContain('for which it needs a DNS solver');
    const byHttp = new certmanager.ClusterIssuer(chart, 'Http', { config: certmanager.IssuerConfig.acme({ solvers: [certmanager.AcmeSolver.http01()] }) });
    expect(() => ingress.host('*.example.net', { tls: DaprIngressTls.issuer(byHttp) })).toThrow('proves names by HTTP, which cannot prove "*.example.net"');
  });

  test('a Secret, a lent Secret, an issuer of this app, or no TLS', () => {
    const { chart, ingress, objects } = bare({ issuer: undefined, tls: DaprIngressTls.secret('shared') });
    const own = new certmanager.Issuer(chart, 'Own', { namespace: 'ingress-system', config: certmanager.IssuerConfig.selfSigned() });
    const to = [aggregator];
    ingress.host('a.example.com').route('/', { to, permitInsecure: true });
    ingress.host('b.example.com', { tls: DaprIngressTls.delegatedSecret('certificates', 'wildcard') }).route('/', { to });
    ingress.host('c.example.com', { tls: DaprIngressTls.issuer(own) }).route('/', { to });
    ingress.host('d.example.com', { tls: DaprIngressTls.none() }).route('/', { to });
    const all = objects();
    expect(all.filter(({ kind }) => kind === 'HTTPProxy').map(({ spec }) => spec.virtualhost.tls?.secretName)).toEqual(['shared', 'certificates/wildcard', 'c.example.com-tls', undefined]);
    expect(only(all, 'Certificate').spec.issuerRef).toEqual({ group: 'cert-manager.io', kind: 'Issuer', name: 'own' });
    expect(only(all, 'HTTPProxy', 'a.example.com').spec.routes[0].permitInsecure).toBe(true);
    expect(only(all, 'HTTPProxy', 'b.example.com').spec.routes[0].permitInsecure).toBeUndefined();
    // An issuer that is built here is no prerequisite.
    expect(Prerequisites.of(ingress).list().map(({ kind }) => kind)).not.toContain('Issuer');
  });

  test('an Issuer of another namespace is refused', () => {
    const { ingress } = bare({ issuer: undefined });
    const theirs = certmanager.Issuer.fromIssuerName(ingress, 'Theirs', 'theirs', 'web');
    expect(() => ingress.host('a.example.com', { tls: DaprIngressTls.issuer(theirs) }))
      .toThrow('Certificate ingress-system/a.example.com: Issuer web/theirs issues to its own namespace only');
  });
});

describe('routes', () => {
  test('keep the path unless it is rewritten, and take headers, queries and a timeout', () => {
    const { ingress, objects } = bare();
    ingress.host('a.example.com').route('/orders', {
      to: [aggregator],
      headers: [contour.HeaderCondition.isPresent('x-beta')],
      query: [contour.QueryCondition.exactly('v', '2')],
      timeout: contour.ProxyTimeout.after(Duration.seconds(5)),
    });
    const routes = only(objects(), 'HTTPProxy').spec.routes;
    expect(routes.map(({ conditions }: any) => conditions)).toEqual([{ exact: '/orders' }, { prefix: '/orders/' }]
      .map((path) => [{ header: { name: 'x-beta', present: true } }, { queryParameter: { name: 'v', exact: '2' } }, path]));
    expect(routes[0]).toMatchObject({ services: [{ name: 'ingress-headless', port: 3500 }], timeoutPolicy: { response: '5s' } });
    expect(routes[0].pathRewritePolicy).toBeUndefined();
  });

  test('of several applications without weights share alike', () => {
    const { ingress, objects } = bare();
    ingress.host('a.example.com').route('/', { to: [aggregator, DaprTarget.app('other', 'web')] });
    expect(sidecarRoutes(objects())[0].services.map(({ weight }: any) => weight)).toEqual([1, 1]);
  });

  test('of gRPC go to the gRPC port in the clear, and stay open', () => {
    const { ingress, objects } = bare();
    ingress.host('a.example.com').grpc('shop.v1.Orders', { to: [aggregator] }).grpc('shop.v1.Orders', { to: [aggregator], method: 'Get', timeout: contour.ProxyTimeout.after(Duration.seconds(2)) });
    expect(only(objects(), 'HTTPProxy').spec.routes).toEqual([
      [{ prefix: '/shop.v1.Orders/' }, 'infinity'], [{ exact: '/shop.v1.Orders/Get' }, '2s'],
    ].map(([condition, response]) => ({
      conditions: [condition],
      services: [{
        name: 'ingress-headless',
        port: 50001,
        protocol: 'h2c',
        requestHeadersPolicy: { set: [{ name: 'dapr-app-id', value: 'aggregator.web' }], remove: STRIPPED },
      }],
      timeoutPolicy: { response },
    })));
  });

  test('close what of them would lead to internal paths, and only that', () => {
    const { ingress, objects } = bare({ internalPaths: ['/.internal/**', '/admin/jobs'] });
    const host = ingress.host('a.example.com');
    host.route('/backend', { rewrite: '/', to: [aggregator] });
    host.route('/backend', { rewrite: '/', to: [aggregator], headers: [contour.HeaderCondition.isPresent('x')] });
    host.route('/manage', { rewrite: '/admin', to: [aggregator] });
    host.route('/orders', { to: [aggregator] });
    const closed = only(objects(), 'HTTPProxy').spec.routes.filter((route: any) => route.directResponsePolicy);
    expect(closed).toEqual([
      { conditions: [{ regex: '/backend/(\\.internal|admin/jobs)(/.*)?' }], directResponsePolicy: { statusCode: 404 } },
      { conditions: [{ regex: '/manage/(jobs)(/.*)?' }], directResponsePolicy: { statusCode: 404 } },
    ]);
    expect(bare({ internalPaths: [] }).ingress.host('b.example.com').route('/', { to: [aggregator] })).toBeDefined();
  });

  test('that lie where another is closed are an error', () => {
    const { ingress, objects } = bare();
    ingress.host('a.example.com').route('/actors', { rewrite: '/list', to: [aggregator] });
    expect(() => objects()).not.toThrow();
    ingress.host('a.example.com').route('/', { to: [aggregator] });
    expect(() => objects()).toThrow('HTTPProxy/ingress-system/a.example.com: route "/actors" lies under /actors, by which route "/" would reach an internal path and which is closed');
  });
});

describe('prerequisites', () => {
  test('what is installed, who leads clients here, who signs, and who has to let the ingress in', () => {
    const { ingress } = bare();
    ingress.host('a.example.com').route('/', { to: [aggregator, aggregator].slice(1) });
    expect(Prerequisites.of(ingress).list().map(({ kind, value, reliedOnBy }) => [kind, value, reliedOnBy])).toEqual([
      ['ClusterIssuer', 'letsencrypt-prod', ['Certificate/ingress-system/a.example.com']],
      ['DNS record', 'a.example.com', ['HTTPProxy/ingress-system/a.example.com']],
      ['Dapr application', 'aggregator.web', ['HTTPProxy/ingress-system/a.example.com']],
      ['Helm release', 'cert-manager', ['Certificate/ingress-system/a.example.com']],
      ['Helm release', 'dapr', ['Configuration/ingress-system/ingress', 'Service/ingress-system/ingress-headless']],
      ['Helm release', 'ingress', ['Configuration/ingress-system/ingress', 'Service/ingress-system/ingress-headless']],
    ]);
  });

  test('an application of another app is its owner\'s to open; one of this app is not noted', () => {
    const { chart, ingress } = bare();
    ingress.host('a.example.com').route('/', { to: [DaprTarget.of(dapr.DaprApp.fromAppId(chart, 'Theirs', { appId: 'theirs', namespace: 'other' }))] });
    expect(Prerequisites.of(ingress).list().filter(({ kind }) => kind === 'Dapr application').map(({ value }) => value)).toEqual(['theirs.other']);
    expect(Prerequisites.of(daprSystem().ingress).list().map(({ kind }) => kind)).not.toContain('Dapr application');
  });

  test('with ExternalDNS no record is made by hand; versions follow the targets', () => {
    const { ingress } = bare({ externalDns: true, targets: { dapr: '1.16.4', certManager: '1.18' } });
    ingress.host('a.example.com').route('/', { to: [aggregator] });
    const list = Prerequisites.of(ingress).list();
    expect(list.map(({ kind }) => kind)).toContain('ExternalDNS');
    expect(list.map(({ kind }) => kind)).not.toContain('DNS record');
    const commands = list.map(({ command }) => command).join('\n');
    expect(commands).toContain("dapr --repo https://dapr.github.io/helm-charts/ --version '~1.16.0' --namespace dapr-system");
    expect(commands).toContain("cert-manager --version '~1.18.0' --namespace cert-manager");
  });
});

describe('refuses', () => {
  const host = () => bare().ingress.host('a.example.com');
  const route = (path: string, options: Partial<Parameters<ReturnType<typeof host>['route']>[1]> = {}) => () => host().route(path, { to: [aggregator], ...options });
  const where = 'DaprIngress ingress-system/ingress: ';

  test.each([
    ['an empty name', { name: '' }, 'DaprIngress ingress-system/: app id: name must not be empty'],
    ['an app id with dots', { name: 'contour.ingress' }, 'app id must have no dots, which separate it from a namespace, got "contour.ingress"'],
    ['a name that is no DNS label', { name: 'Contour_Ingress' }, 'app id: name must be lower-case letters'],
    ['a namespace that is none', { namespace: 'Ingress' }, 'namespace: name must be'],
    ['two sources of certificates', { tls: DaprIngressTls.none() }, `${where}\`issuer\` and \`tls\` both say where certificates come from`],
    ['an issuer without a name', { issuer: '' }, 'ClusterIssuer /: name must not be empty'],
    ['a class that is none', { ingressClassName: 'A B' }, `${where}ingressClassName: name must be`],
    ['a domain that is none', { domains: ['*.example.com'] }, `${where}domains: a domain is written like "example.com", got "*.example.com"`],
    ['an internal path without slash', { internalPaths: ['internal/**'] }, `${where}internalPaths: a path begins with "/", got "internal"`],
    ['an internal path that is everything', { internalPaths: ['/**'] }, 'internalPaths'],
    ['an internal path with another wildcard', { internalPaths: ['/a/*'] }, `${where}internalPaths: an internal path is written "/name" or "/name/**", got "/a/*"`],
    ['a scraper\'s namespace that is none', { scrapedFrom: ['Monitoring'] }, `${where}scrapedFrom: name must be`],
    ['a wrong port', { sidecar: { grpcPort: 0 } }, 'grpcPort must be a whole number from 1 to 65535, got 0'],
    ['a port of metrics that nobody scrapes', { sidecar: { metricsPort: 9091 } }, `${where}sidecar.metricsPort goes with \`scrapedFrom\``],
    ['a target of old', { targets: { dapr: '1.11' } }, 'Dapr 1.15 is the oldest that is written for'],
  ] as [string, DaprIngressProps, string][])('%s', (_, props, message) => {
    expect(() => bare(props)).toThrow(message);
  });

  test('an ingress without a namespace, or without a host', () => {
    const chart = new Chart(Testing.app(), 'none');
    expect(() => new DaprIngress(chart, 'Ingress')).toThrow('DaprIngress /ingress: its namespace must be known; set `namespace`, or give its chart one');
    expect(() => bare().objects()).toThrow('DaprIngress/ingress-system/ingress: it has no host; call host()');
  });

  test('hosts that are none, unknown, without certificate or without route', () => {
    expect(() => bare().ingress.host('Shop.example.com')).toThrow(`${where}a host is a DNS name in lower case`);
    expect(() => bare().ingress.host('')).toThrow('got ""');
    const { ingress, objects } = bare({ domains: ['example.com'] });
    expect(() => ingress.host('shop.example.org')).toThrow(`${where}host shop.example.org: unknown; hosts belong to example.com; add its domain to \`domains\``);
    expect(() => ingress.host('badexample.com')).toThrow('unknown');
    expect(() => ingress.host('*.shop.example.com')).not.toThrow();
    expect(() => objects()).toThrow('HTTPProxy/ingress-system/wildcard.shop.example.com: it has no route');
    expect(() => bare({ issuer: undefined }).ingress.host('a.example.com'))
      .toThrow(`${where}host a.example.com: it has no certificate; name an \`issuer\`, give \`tls\`, or say DaprIngressTls.none()`);
  });

  test.each([
    ['a path without slash', route('backend'), `${where}host a.example.com: route "backend": a path begins with "/", got "backend"`],
    ['a path with a slash at its end', route('/backend/'), 'route "/backend/": the path is written without a slash at its end'],
    ['a rewrite without slash', route('/backend', { rewrite: 'x' }), 'route "/backend": rewrite: a path begins with "/", got "x"'],
    ['a route into an internal path', route('/open', { rewrite: '/.internal/batch' }), 'route "/open": it leads to /.internal, which is an internal path of the applications'],
    ['no application', route('/a', { to: [] }), 'route "/a": a route leads to at least one application, got none'],
    ['an application twice', route('/a', { to: [aggregator.weight(1), aggregator.weight(2)] }), 'application aggregator.web is given twice'],
    ['weights of some only', route('/a', { to: [aggregator, DaprTarget.app('b', 'web').weight(2)] }), 'application aggregator.web has no weight, where others have'],
    ['weights that sum to 0', route('/a', { to: [aggregator.weight(0), DaprTarget.app('b', 'web').weight(0)] }), 'the weights of aggregator.web, b.web sum to 0'],
    ['a negative weight', () => aggregator.weight(-1), 'DaprTarget aggregator.web: weight must be a whole number, 0 or more, got -1'],
    ['half a weight', () => aggregator.weight(0.5), 'got 0.5'],
    ['an app id with dots', () => DaprTarget.app('aggregator.web', 'web'), 'DaprTarget.app: app id must have no dots'],
    ['an app id that is none', () => DaprTarget.app('', 'web'), 'DaprTarget.app: app id: name must not be empty'],
    ['an app id that is too long', () => DaprTarget.app('a'.repeat(59), 'web'), 'at most 58 characters'],
    ['an application\'s namespace that is none', () => DaprTarget.app('a', 'Web'), 'DaprTarget.app: app a: namespace: name must be'],
    ['a gRPC service that is none', () => host().grpc('shop/Orders', { to: [aggregator] }), 'gRPC route "shop/Orders": a service is written as in its .proto file'],
    ['a gRPC method that is none', () => host().grpc('shop.Orders', { to: [aggregator], method: '' }), 'a method is written as in its .proto file, got ""'],
    ['the sidecar\'s own gRPC API', () => host().grpc('dapr.proto.runtime.v1.Dapr', { to: [aggregator] }), 'that is the sidecar\'s own API, which is closed to outsiders'],
    ['a gRPC route without the port', () => bare({ grpc: false }).ingress.host('a.example.com').grpc('shop.Orders', { to: [aggregator] }), `${where}a gRPC route needs the gRPC port of the sidecars, got grpc: false`],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a route that is there already', () => {
    const added = host().route('/a', { rewrite: '/', to: [aggregator] });
    expect(() => added.route('/a', { rewrite: '/b', to: [aggregator] })).toThrow('HTTPProxy ingress-system/a.example.com: route "/a": the route "/a" fits the same requests');
    expect(() => added.route('/ab', { rewrite: '/', to: [aggregator] })).not.toThrow();
  });

  test('sidecars that dial each other on different ports, and an application without namespace', () => {
    const { ingress } = bare({ sidecar: { internalGrpcPort: 50012 } });
    const web = new Chart(ingress.node.root as any, 'web', { namespace: 'web' });
    const target = DaprTarget.of(daprApp(web, 'a'));
    expect(() => ingress.host('a.example.com').route('/', { to: [target] }))
      .toThrow(`${where}its sidecars dial a.web on their own internalGrpcPort, 50012, where a listens on 50002; give both the same`);
    const nowhere = new Chart(ingress.node.root as any, 'nowhere');
    expect(() => DaprTarget.of(daprApp(nowhere, 'b'))).toThrow('DaprTarget b: its namespace must be known');
  });

  test('an application of this app by its name: it would refuse the ingress', () => {
    const build = (ingress: DaprIngress) => ingress.host('b.example.com').route('/', { to: [DaprTarget.app('timefeed', 'web')] });
    expect(() => daprSystem({ build }).objects())
      .toThrow('DaprIngress/ingress-system/contour-ingress: application timefeed.web is built in this app and would refuse the ingress; name it with DaprTarget.of()');
    const { ingress, objects } = bare();
    const web = new Chart(ingress.node.root as any, 'web', { namespace: 'web' });
    const configuration = new dapr.Configuration(web, 'Theirs').addPolicy({ appId: 'ingress', namespace: 'ingress-system' });
    daprApp(web, 'open', { configuration });
    ingress.host('a.example.com').route('/', { to: [DaprTarget.app('open', 'web')] });
    expect(() => objects()).not.toThrow();
  });

  test('a chart\'s release or version that is none', () => {
    expect(() => ContourChart.project({ release: 'A B' })).toThrow('ContourChart.project: release: name must be');
    expect(() => ContourChart.bitnami({ version: 'latest' })).toThrow('ContourChart.bitnami: a version is written as "0.7.0", got "latest"');
  });
});

describe('one thing, one value: what is changed leaves nothing of the old behind', () => {
  const every = (system: ReturnType<typeof daprSystem>) =>
    JSON.stringify([system.objects(), system.files(), Prerequisites.of(system.ingress).list()]);
  const build = (ingress: DaprIngress) => ingress.host('other.example.com', { name: 'other' }).grpc('shop.Orders', { to: [orders] });
  const base = { ingress: { scrapedFrom: ['monitoring'] }, build };

  test.each([
    ['the gRPC port', { ingress: { ...base.ingress, sidecar: { grpcPort: 50777 } } }, /50001/, /50777/],
    ['the metrics port', { ingress: { ...base.ingress, sidecar: { metricsPort: 9777 } } }, /9090/, /9777/],
    ['an application\'s port', { appPort: 8777 }, /8081/, /8777/],
    ['the name of the ingress', { ingress: { ...base.ingress, name: 'renamed' } }, /contour-ingress/, /renamed/],
    ['the namespace', { ingress: { ...base.ingress, namespace: 'renamed' } }, /ingress-system/, /renamed/],
    ['the release', { ingress: { ...base.ingress, chart: ContourChart.project({ release: 'renamed' }) } }, /"app.kubernetes.io\/instance":"contour-ingress"|--install contour-ingress/, /renamed/],
    ['the host', { host: 'renamed.example.com' }, /aggregator\.example/, /renamed\.example/],
    ['the name of a host\'s objects', { hostOptions: { name: 'renamed' } }, /"name":"aggregator\.example\.com"|aggregator\.example\.com-tls/, /renamed-tls/],
    ['an app id', { backend: 'renamed' }, /aggregator(?!\.example|\.web)/, /renamed\.web/],
    ['the issuer', { ingress: { ...base.ingress, issuer: 'renamed' } }, /letsencrypt-prod/, /renamed/],
  ])('%s', (_, change, old, now) => {
    const before = every(daprSystem(base));
    const after = every(daprSystem({ ...base, ...change }));
    expect([before, after].map((text) => [old.test(text), now.test(text)])).toEqual([[true, false], [false, true]]);
  });
});
