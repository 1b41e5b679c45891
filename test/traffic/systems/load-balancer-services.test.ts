import { answer, app, gateway, gatewayPods, only, server, to, virtualService } from './edge-fixtures';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';
const aws = (values: Record<string, string>) => ({
  metadata: { annotations: Object.fromEntries(Object.entries(values).map(([key, value]) => [AWS + key, value])) },
});
const entry = 'Service/edge/gateway';
const edge = (annotations: any, servers: any[], spec: any = {}) => [
  ...gatewayPods(undefined, { spec: { type: 'LoadBalancer', ...spec }, ...annotations }), gateway('edge/g', servers), ...app('edge/shop'), virtualService('edge/vs', ['*.example.com'], { gateways: ['g'], http: [to('shop')] }),
];
const shop = 'delivered Service/edge/shop:80';
const open = server('80 HTTP *.example.com');
const secure = server('443 HTTPS *.example.com', { mode: 'SIMPLE', credentialName: 'c' });

test('connections go to the pods as they are', () => {
  const objects = edge({}, [open, secure]);
  expect(answer(objects, { url: 'http://x.example.com/', entry })).toBe(shop);
  expect(answer(objects, { url: 'https://x.example.com/', entry })).toBe(shop);
  expect(answer(objects, { url: 'https://x.example.com:80/', entry })).toBe('refused');
  expect(answer(objects, { url: 'http://x.example.com:81/', entry })).toBe('refused');
});

describe('TLS that the load balancer ends', () => {
  const ended = (values: any, servers: any[] = [open, server('443 HTTP *.example.com')]) => edge(aws({ 'ssl-cert': 'arn:1', 'scheme': 'internet-facing', ...values }), servers);

  test('on all ports, or on those that are named', () => {
    expect(answer(ended({}), { url: 'https://x.example.com/', entry })).toBe(shop);
    expect(answer(ended({}), { url: 'http://x.example.com/', entry })).toBe('refused');
    expect(answer(ended({ 'ssl-ports': '443' }), { url: 'http://x.example.com/', entry })).toBe(shop);
    expect(answer(ended({ 'ssl-ports': 'https' }), { url: 'https://x.example.com/', entry })).toBe(shop);
    expect(answer(ended({ 'ssl-ports': '8443' }), { url: 'https://x.example.com/', entry })).toBe('refused');
  });

  test('goes on in the clear, unless the backends speak it', () => {
    expect(answer(ended({}, [secure]), { url: 'https://x.example.com/', entry })).toBe('refused');
    expect(answer(ended({ 'backend-protocol': 'ssl' }, [server('443 HTTPS *', { mode: 'SIMPLE', credentialName: 'c' })]), { url: 'https://x.example.com/', entry })).toBe(shop);
  });
});

test('the PROXY protocol is something that pods have to take', () => {
  expect(only(edge(aws({ 'proxy-protocol': '*' }), [open]), { url: 'http://x.example.com/', entry }).assumptions[0]).toContain('PROXY protocol');
});

describe('from the internet', () => {
  const reached = (annotations: any, spec: any = {}, options: any = {}) => answer(edge(annotations, [open], spec), 'http://x.example.com/', options) === shop;
  const plain = (values: any) => ({ metadata: { annotations: values } });

  test.each([
    ['nothing said', {}, {}, {}, true],
    ['the controller for AWS makes internal ones', aws({ type: 'external' }), {}, {}, false],
    ['by class too', {}, { loadBalancerClass: 'service.k8s.aws/nlb' }, {}, false],
    ['unless told otherwise', aws({ scheme: 'internet-facing' }), {}, {}, true],
    ['internal', aws({ scheme: 'internal' }), {}, {}, false],
    ['the old way', aws({ internal: 'true' }), {}, {}, false],
    ['and its opposite', aws({ internal: 'false' }), {}, {}, true],
    ['the cloud\'s own code makes public ones', aws({ type: 'nlb' }), {}, { aws: { loadBalancerController: false } }, true],
    ['GKE internal', plain({ 'networking.gke.io/load-balancer-type': 'Internal' }), {}, {}, false],
    ['GKE internal, the old way', plain({ 'cloud.google.com/load-balancer-type': 'Internal' }), {}, {}, false],
    ['Azure internal', plain({ 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }), {}, {}, false],
  ])('%s', (_, annotations, spec, options, expected) => expect(reached(annotations, spec, options)).toBe(expected));

  test('of several, those that know the host', () => {
    const other = app('web/other', 80, { service: { type: 'LoadBalancer' } });
    expect(answer([...edge({}, [open]), ...other], 'http://x.example.com/')).toBe('undetermined');
    const elsewhere = edge({}, [server('80 HTTP *.example.org')]).map((each) => ({ ...each, metadata: { ...each.metadata, namespace: each.metadata.namespace === 'edge' ? 'edge2' : each.metadata.namespace } }));
    expect(answer([...edge({}, [open]), ...elsewhere], 'http://x.example.com/')).toContain(shop);
  });
});
