import { isDeepStrictEqual } from 'util';
import { ApiObject, Chart, Testing } from 'cdk8s';
import { contour, ContourChart, dapr, DaprIngress, DaprTarget, platform, Prerequisites } from '../../src';
import { daprApp, daprSystem, sidecarRoutes } from '../patterns/dapr-ingress-system';
import { chart, only, synthesized } from '../synthesized';

/* What goes wrong with Contour in front of Dapr, and in HTTPProxies at large: none of it can be produced. */

const grpcToo = { build: (ingress: DaprIngress) => ingress.host('grpc.example.com').grpc('shop.Orders', { to: [DaprTarget.app('orders', 'shop')] }) };
const servicesOf = (objects: any[]): any[] => sidecarRoutes(objects).flatMap(({ services }) => services);
const annotationsOf = (values: any): any => values.envoy.podAnnotations;
const workloadsOf = (objects: any[]): any[] => objects.filter(({ kind }) => kind === 'Deployment');

describe('Contour and Dapr', () => {
  test('D1 the sidecar API is closed but for invoking, for HTTP and for gRPC, in words that Dapr knows', () => {
    const { objects, values } = daprSystem(grpcToo);
    const configuration = only(objects(), 'Configuration', annotationsOf(values())['dapr.io/config']);
    expect(configuration.metadata.namespace).toBe('ingress-system');
    expect(configuration.spec.api).toEqual({ allowed: [{ name: 'invoke', version: 'v1', protocol: 'http' }, { name: 'invoke', version: 'v1', protocol: 'grpc' }] });
  });

  test('D2 every request carries the app id of its route, whatever the client sent', () => {
    for (const { requestHeadersPolicy } of servicesOf(daprSystem(grpcToo).objects())) {
      expect(requestHeadersPolicy.set).toEqual([{ name: 'dapr-app-id', value: expect.stringMatching(/^[a-z0-9-]+\.[a-z0-9-]+$/) }]);
    }
    expect(() => DaprTarget.app('http://internal', 'web')).toThrow('DaprTarget.app');
  });

  test('D3 gRPC clients cannot name another callee', () => {
    const grpc = servicesOf(daprSystem(grpcToo).objects()).filter(({ protocol }) => protocol === 'h2c');
    expect(grpc).toHaveLength(1);
    expect(grpc[0].requestHeadersPolicy.remove).toContain('dapr-callee-app-id');
  });

  test('D4 the app id is set by each service of a route and never by the route', () => {
    for (const route of sidecarRoutes(daprSystem(grpcToo).objects())) expect(route.requestHeadersPolicy).toBeUndefined();
  });

  test('D5 the app id comes with the namespace that its workload is in', () => {
    const objects = daprSystem().objects();
    const workloads = workloadsOf(objects).map(({ metadata, spec }) => `${spec.template.metadata.annotations['dapr.io/app-id']}.${metadata.namespace}`);
    for (const { requestHeadersPolicy } of servicesOf(objects)) expect(workloads).toContain(requestHeadersPolicy.set[0].value);
  });

  test('D6 an application that cannot be invoked is no target', () => {
    const without = daprSystem({
      build: (ingress) => {
        const scope = new Chart(ingress.node.root as any, 'callers', { namespace: 'web' });
        ingress.host('b.example.com').route('/', { to: [DaprTarget.of(daprApp(scope, 'caller', { appPort: 8081 }))] });
        const workload = new ApiObject(scope, 'Daemon', {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          metadata: { name: 'daemon' },
          spec: { template: { spec: { containers: [{ name: 'main', ports: [{ containerPort: 8081 }] }] } } },
        });
        const daemon = new dapr.DaprApp(scope, 'daemon', { workload, appPort: 8081 });
        ingress.host('c.example.com').route('/', { to: [DaprTarget.of(daemon)] });
      },
    });
    expect(() => without.objects()).toThrow('DaprApp/web/daemon: Dapr\'s operator makes no Service for a DaemonSet');
    const portless = daprSystem({
      build: (ingress) => {
        const scope = new Chart(ingress.node.root as any, 'callers', { namespace: 'web' });
        const workload = new ApiObject(scope, 'Caller', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'caller' }, spec: { template: {} } });
        ingress.host('b.example.com').route('/', { to: [DaprTarget.of(new dapr.DaprApp(scope, 'caller', { workload }))] });
      },
    });
    expect(() => portless.objects()).toThrow('DaprApp/web/caller: contour-ingress.ingress-system cannot invoke it without an app port');
  });

  test('D7 Envoy has no app port, for which its sidecar would wait for ever', () => {
    expect(Object.keys(annotationsOf(daprSystem().values()))).not.toContain('dapr.io/app-port');
  });

  test('D8 routes lead to a Service that is emitted, not to one that the operator does not make for a DaemonSet', () => {
    const objects = daprSystem(grpcToo).objects();
    const service = only(objects, 'Service');
    for (const { name, port } of servicesOf(objects)) {
      expect(name).toBe(service.metadata.name);
      expect(service.spec.ports.map((each: any) => each.port)).toContain(port);
    }
  });

  test('D9 the Service has no name that the operator takes, and the sidecar\'s own port', () => {
    const service = only(daprSystem().objects(), 'Service');
    expect(service.metadata.name).not.toMatch(/-dapr$/);
    expect(service.spec.ports[0]).toMatchObject({ port: 3500, targetPort: 3500 });
  });

  test('D10 the sidecars listen where Envoy comes from', () => {
    expect(annotationsOf(daprSystem().values())['dapr.io/sidecar-listen-addresses']).toBe('0.0.0.0');
    expect(annotationsOf(daprSystem({ ingress: { sidecar: { dualStack: true } } }).values())['dapr.io/sidecar-listen-addresses']).toBe('[::],0.0.0.0');
  });

  test('D11 proxy, Service, Certificate and Secret are in one namespace', () => {
    const { ingress, objects } = daprSystem();
    const made = objects().filter(({ kind, metadata }) => ['HTTPProxy', 'Service', 'Certificate', 'NetworkPolicy'].includes(kind) || metadata.name === 'contour-ingress');
    expect(made).toHaveLength(5);
    for (const { metadata } of made) expect(metadata.namespace).toBe('ingress-system');
    const { proxy, certificate } = ingress.host('aggregator.example.com');
    expect(only(objects(), 'HTTPProxy', proxy.name).spec.virtualhost.tls.secretName).toBe(certificate!.secretName);
  });

  test('D12 no token is mounted, and nothing in the sidecar misses it', () => {
    for (const chartOf of [ContourChart.project(), ContourChart.bitnami()]) {
      const { envoy } = daprSystem({ ingress: { chart: chartOf } }).values();
      expect([envoy.automountServiceAccountToken, envoy.serviceAccount.automountServiceAccountToken]).toEqual([false, false]);
      expect(envoy.podAnnotations['dapr.io/disable-builtin-k8s-secret-store']).toBe('true');
    }
  });

  test('D13 Envoy reaches its sidecars through every NetworkPolicy', () => {
    const reaches = (rules: any[], selector: any): boolean => rules.some(({ from, ports }) =>
      ports.some(({ port }: any) => port === 3500) && isDeepStrictEqual(from, [{ podSelector: { matchLabels: selector } }]));
    const ours = daprSystem();
    const { selector } = only(ours.objects(), 'Service').spec;
    expect(reaches(only(ours.objects(), 'NetworkPolicy').spec.ingress, selector)).toBe(true);
    expect(ours.values().envoy.networkPolicy).toEqual({ enabled: false });
    expect(reaches(daprSystem({ ingress: { networkPolicy: false } }).values().envoy.networkPolicy.extraIngress, selector)).toBe(true);
  });

  test('D14 the sidecars are not on the node\'s network', () => {
    expect(daprSystem().values().envoy.hostNetwork).toBe(false);
  });

  test('D15 nothing is mirrored: the copy would carry the app id of the original', () => {
    for (const service of servicesOf(daprSystem(grpcToo).objects())) expect(service.mirror).toBeUndefined();
  });

  test('D16 no route promises WebSocket, which invocation does not carry', () => {
    for (const route of sidecarRoutes(daprSystem(grpcToo).objects())) expect(route.enableWebsockets).toBeUndefined();
  });

  test('D17 the Service selects the Envoys of one release and no other pods', () => {
    const selectorOf = (release: string) => only(daprSystem({ ingress: { chart: ContourChart.project({ release }) } }).objects(), 'Service').spec.selector;
    expect(selectorOf('edge')).toEqual({ 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/instance': 'edge', 'app.kubernetes.io/component': 'envoy' });
    expect(selectorOf('edge')).not.toEqual(selectorOf('internal'));
  });

  test('D18 sidecars that would dial each other on different ports are refused', () => {
    expect(() => daprSystem({ ingress: { sidecar: { internalGrpcPort: 50012 } } })).toThrow('on their own internalGrpcPort, 50012, where aggregator listens on 50002');
  });

  test('D19 applications let the ingress in by its app id, namespace and trust domain, and refuse everybody unknown', () => {
    const objects = daprSystem({ ingress: { trustDomain: 'edge' } }).objects();
    const ingress = only(objects, 'Configuration', 'contour-ingress');
    for (const name of ['aggregator', 'aggregator-2']) {
      const { defaultAction, policies } = only(objects, 'Configuration', name).spec.accessControl;
      expect(defaultAction).toBe('deny');
      expect(policies).toHaveLength(1);
      expect(policies[0]).toMatchObject({
        appId: 'contour-ingress', namespace: 'ingress-system', trustDomain: ingress.spec.accessControl.trustDomain, defaultAction: 'allow',
      });
      // What the route leads to is allowed; only what is meant for Dapr is not.
      expect(policies[0].operations.every(({ action, name: path }: any) => action === 'deny' && /^\/(\.internal|actors|dapr|job)\/\*\*$/.test(path))).toBe(true);
    }
  });

  test('D20 every pod names a Configuration of its own namespace', () => {
    const { objects, values } = daprSystem();
    const known = objects().filter(({ kind }) => kind === 'Configuration').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const named = workloadsOf(objects()).map(({ metadata, spec }) => `${metadata.namespace}/${spec.template.metadata.annotations['dapr.io/config']}`);
    expect(named).toHaveLength(3);
    for (const each of [...named, `ingress-system/${annotationsOf(values())['dapr.io/config']}`]) expect(known).toContain(each);
  });

  test('D21 the application is named in a header, per service, and never in the path', () => {
    for (const { pathRewritePolicy } of sidecarRoutes(daprSystem().objects())) expect(pathRewritePolicy.replacePrefix).toEqual([{ replacement: '/' }]);
  });

  test('D22 no Component comes into the namespace of the ingress', () => {
    expect(daprSystem().objects().filter(({ kind }) => kind === 'Component')).toEqual([]);
  });

  test('D23 the largest body and head are said, the head as large as Envoy lets through', () => {
    expect(annotationsOf(daprSystem().values())).toMatchObject({ 'dapr.io/max-body-size': '4Mi', 'dapr.io/read-buffer-size': '64Ki' });
  });

  test('D24 an app id is one workload\'s in its namespace', () => {
    const scope = chart();
    daprApp(scope, 'twice');
    const workload = new ApiObject(scope, 'Other', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'other' } });
    expect(() => new dapr.DaprApp(scope, 'Other-app', { workload, appId: 'twice' })).toThrow('the app id is that of');
  });

  test('D25 Envoy waits longer than Dapr tries', () => {
    for (const { timeoutPolicy } of sidecarRoutes(daprSystem().objects())) expect(timeoutPolicy).toEqual({ response: '60s' });
  });

  test('D26 the sidecars ask for no token that Envoy does not have, and clients send none', () => {
    const { objects, values } = daprSystem(grpcToo);
    expect(Object.keys(annotationsOf(values()))).not.toContain('dapr.io/api-token-secret');
    for (const { requestHeadersPolicy } of servicesOf(objects())) expect(requestHeadersPolicy.remove).toContain('dapr-api-token');
  });

  test('what Envoy closes is closed at the application too, whatever is hidden in the path', () => {
    const objects = daprSystem().objects();
    const closed = only(objects, 'HTTPProxy').spec.routes.filter((route: any) => route.directResponsePolicy);
    expect(closed).toEqual([{ conditions: [{ regex: '/backend/(\\.internal|actors|dapr|job)(/.*)?' }], directResponsePolicy: { statusCode: 404 } }]);
    // "/backend/foo%2F..%2F.internal/batch" passes this door and not the next.
    const pattern = new RegExp(`^${closed[0].conditions[0].regex}$`);
    expect(['/backend/.internal', '/backend/.internal/batch', '/backend/foo%2F..%2F.internal/batch', '/backend/jobs'].map((path) => pattern.test(path))).toEqual([true, true, false, false]);
    expect(only(objects, 'Configuration', 'aggregator').spec.accessControl.policies[0].operations).toContainEqual({ name: '/.internal/**', httpVerb: ['*'], action: 'deny' });
    const foreign = new DaprIngress(new Chart(Testing.app(), 'foreign', { namespace: 'edge' }), 'Edge', { issuer: 'x' });
    foreign.host('a.example.com').route('/', { to: [DaprTarget.app('theirs', 'web')] });
    expect(Prerequisites.of(foreign).list().find(({ value }) => value === 'theirs.web')?.purpose).toContain('denies /.internal/**');
  });
});

describe('HTTPProxy', () => {
  const api = contour.ServiceTarget.named('api', 80);
  const { HeaderCondition, PathCondition } = contour;
  const proxy = (scope = chart()) => new contour.HttpProxy(scope, 'Shop', { host: 'shop.example.com' });
  const routesOf = (of: contour.HttpProxy): any[] => only(synthesized(Chart.of(of)), 'HTTPProxy').spec.routes;

  test('C1 a path is the last condition, whatever else is asked for', () => {
    const routes = routesOf(proxy().forward({
      to: [api], path: PathCondition.exactly('/foo'), headers: [HeaderCondition.isPresent('x')], query: [contour.QueryCondition.isPresent('y')],
    }));
    expect(routes[0].conditions[2]).toEqual({ exact: '/foo' });
  });

  test('C2 a route of the ingress fits no word that merely begins alike', () => {
    const routes = sidecarRoutes(daprSystem().objects());
    const fits = (path: string) => routes.some(({ conditions }) => conditions.every(({ prefix, header }: any) =>
      (prefix === undefined || path.startsWith(prefix)) && (header === undefined || new RegExp(`^${header.regex}$`).test(path))));
    expect(['/backend', '/backend?x=1', '/backend/', '/backend/x', '/backendx', '/backendx/y'].map(fits)).toEqual([true, true, true, true, false, false]);
  });

  test('C3 a rewrite always applies: it names no prefix that the match could miss', () => {
    for (const { pathRewritePolicy } of routesOf(proxy().forward({ to: [api], path: PathCondition.prefix('/foo'), rewrite: '/bar' }))) {
      expect(Object.keys(pathRewritePolicy.replacePrefix[0])).toEqual(['replacement']);
    }
  });

  test('C4 two rewritten routes with one prefix keep their slashes apart', () => {
    const routes = routesOf(proxy()
      .forward({ to: [api], path: PathCondition.prefix('/foo'), rewrite: '/' })
      .forward({ to: [api], path: PathCondition.prefix('/foo'), rewrite: '/', headers: [HeaderCondition.isPresent('x')] }));
    const rewritten = (path: string, route: any) => {
      const { prefix } = route.conditions.at(-1);
      return path.startsWith(prefix) ? route.pathRewritePolicy.replacePrefix[0].replacement + path.slice(prefix.length) : undefined;
    };
    // Of each pair the longer prefix wins.
    expect([routes.slice(0, 2), routes.slice(2)].map((pair) => rewritten('/foo/v1', pair[1]))).toEqual(['/v1', '/v1']);
    expect(routes).toHaveLength(4);
  });

  test('C5 what is put before the whole host keeps a slash', () => {
    expect(routesOf(proxy().forward({ to: [api], rewrite: '/v1.0/x' }))[0].pathRewritePolicy.replacePrefix).toEqual([{ replacement: '/v1.0/x/' }]);
  });

  test('C6 two routes for the same requests are refused', () => {
    expect(() => proxy().forward({ to: [api] }).respond({ statusCode: 404 })).toThrow('fits the same requests, and only the later one would be served');
  });

  // C7: a prefix over a longer one is what Contour's order is for; equal conditions are C6, and the rest needs the traffic model.

  test('C8 a header is set by the route or by its services, not by both', () => {
    const target = contour.ServiceTarget.named('api', 80, { requestHeaders: { set: { 'dapr-app-id': 'a.web' } } });
    expect(() => proxy().forward({ to: [target], requestHeaders: { set: { 'Dapr-App-Id': 'b.web' } } })).toThrow('set by the route and by api:80');
  });

  test('C9 copies change no headers; redirects and answers of Envoy\'s have no word for it', () => {
    const mirror = contour.ServiceTarget.named('shadow', 80, { requestHeaders: { set: { 'dapr-app-id': 'b.web' } } });
    expect(() => proxy().forward({ to: [api], mirror })).toThrow('changes headers, which Contour ignores');
  });

  test('C10 weights are of all or of none, and the share of a mirror is a percentage', () => {
    expect(() => proxy().forward({ to: [api.weight(0), contour.ServiceTarget.named('b', 80)] })).toThrow('b:80 has no weight');
    expect(() => proxy().forward({ to: [api.weight(0)] })).toThrow('sum to 0');
    expect(() => proxy().forward({ to: [api], mirror: contour.ServiceTarget.named('b', 80), mirrorPercent: 150 })).toThrow('from 1 to 100, got 150');
  });

  test('C11 Contour is installed with the class of the proxies', () => {
    const { objects, values } = daprSystem({ ingress: { ingressClassName: 'edge' } });
    expect(only(objects(), 'HTTPProxy').spec.ingressClassName).toBe(values().contour.ingressClass.name);
    expect(daprSystem().values().contour).toBeUndefined();
  });

  test('C12 the certificate is for the host', () => {
    const objects = daprSystem({ host: '*.example.com' }).objects();
    expect(only(objects, 'Certificate').spec.dnsNames).toEqual([only(objects, 'HTTPProxy').spec.virtualhost.fqdn]);
  });

  // C13: a wildcard stands for one label; it is documented where a host is given, nothing in the manifests says more.
  // C14: the Ingress of an HTTP challenge is merged into the host with an exact path, which is served without TLS.
  // C15: no Ingress is emitted.

  test('C16 a Service has to have the port, for TCP', () => {
    const scope = chart();
    const service = new platform.Service(scope, 'Dns', { ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] });
    proxy(scope).forward({ to: [contour.ServiceTarget.of(service, 53)] });
    expect(() => synthesized(scope)).toThrow('Service/web/dns has no TCP port 53');
  });

  test('C17 a Secret is lent to some namespaces or to all', () => {
    expect(() => new contour.TlsCertificateDelegation(chart(), 'Tls').delegate('wildcard', '*', 'shop')).toThrow('"*" is not mixed with namespaces');
  });

  test('C18 a redirect says its status', () => {
    expect(routesOf(proxy().redirect({ scheme: 'https' }))[0].requestRedirectPolicy).toEqual({ scheme: 'https', statusCode: 302 });
  });
});
