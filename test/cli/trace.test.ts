import * as path from 'path';
import { stripVTControlCharacters } from 'util';
import { command } from './run';
import { TrafficModel } from '../../src';
import { DEPLOYMENT, folderOf, SERVICE } from '../traffic/read/folder';

const MANIFESTS = `${SERVICE}---\n${DEPLOYMENT}`;
const folder = folderOf({ 'shop.yaml': MANIFESTS });
const shop = path.join(folder, 'shop.yaml');
const request = { url: 'http://shop.web/cart?x=1', entry: 'Service/web/shop' };
const ASK = ['--url', request.url, '--entry', request.entry];

const expected = (asked: any, options = {}) => TrafficModel.fromFiles([shop], options).trace(asked);
const trace = (...args: string[]) => command(['trace', shop, ...args]);

describe('exit status', () => {
  test('0 when every outcome is delivered', async () => {
    expect(await trace(...ASK)).toEqual({ status: 0, stdout: `${expected(request)}\n`, stderr: '' });
  });

  test('1 for another outcome', async () => {
    const asked = { ...request, url: 'http://shop.web:81/' };
    expect(await trace('--url', asked.url, '--entry', asked.entry)).toEqual({ status: 1, stdout: `${expected(asked)}\n`, stderr: '' });
  });

  test.each<[string[], string]>([
    [[], 'a command is missing: see cdk8s-traffic --help'],
    [['trac', shop], 'unknown command trac; did you mean trace?'],
    [['paint', shop], 'unknown command paint'],
    [['trace'], 'trace needs the PATH of manifests'],
    [['trace', shop], 'trace needs --url or --requests'],
    [['trace', shop, '--url'], 'Not enough arguments following: url'],
    [['trace', shop, '--ulr', 'x'], 'unknown option --ulr; did you mean --url?'],
    [['trace', shop, '--url', 'shop'], 'url must be written like https://shop.example.com:8443/cart?x=1 (http, https, grpc or grpcs), got "shop"'],
    [['trace', shop, ...ASK, '--url', 'http://b/'], '--url may be given once'],
    [['trace', shop, ...ASK, '--format', 'xml'], 'Invalid values: Argument: format, Given: "xml", Choices: "text", "json"'],
    [['trace', shop, ...ASK, '-H', 'token canary'], '-H must be written like \'name: value\', got "token" without a name and a colon'],
    [['trace', shop, ...ASK, '--requests', 'x'], '--url and --requests exclude each other: write it into the file'],
    [['trace', shop, '-X', 'PUT', '--requests', 'x'], '-X and --requests exclude each other: write it into the file'],
    [['trace', shop, '--requests', 'no/such.jsonl'], 'no/such.jsonl: cannot be read: no such file'],
    [['trace', shop, '--requests', folder], `${folder}: cannot be read: EISDIR`],
    [['trace', '-', '--requests', '-'], 'standard input holds manifests or requests, not both'],
    [['trace', '-', ...ASK, '--watch'], 'standard input cannot be watched'],
    [['trace', 'no/such.yaml', ...ASK], 'no/such.yaml: cannot be read: no such file or folder'],
    [['trace', shop, '--url', 'http://a/', '--entry', 'Service/web/ship'], 'entry Service/web/ship is not in the input'],
    [['trace', shop, '--url', 'http://a/', '--from', 'Deployment/web/ship'], 'from Deployment/web/ship is not in the input'],
    [['trace', shop, ...ASK, '--profile', 'no/such.yaml'], 'no/such.yaml: cannot be read: no such file or folder'],
  ])('2, and one line that says why: %j', async (args, message) => {
    expect(await command(args)).toEqual({ status: 2, stdout: '', stderr: `cdk8s-traffic: ${message}\n` });
  });
});

describe('the request', () => {
  test('has all that the options say', async () => {
    const { status, stdout } = await trace(...ASK, '-X', 'PUT', '-H', 'x-a: 1', '-H', 'X-A:2', '--header', 'empty:', '--sni', 'a.b', '--source-ip', '1.2.3.4', '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).request).toEqual({ ...request, method: 'PUT', headers: { 'x-a': '1, 2', 'empty': '' }, sni: 'a.b', sourceIp: '1.2.3.4' });
  });

  test('may come from a workload', async () => {
    const { status, stdout } = await trace('--url', 'http://shop.web/', '--from', 'Deployment/web/shop', '--format', 'json');
    expect([status, JSON.parse(stdout)]).toEqual([0, JSON.parse(JSON.stringify(expected({ url: 'http://shop.web/', from: 'Deployment/web/shop' })))]);
  });

  test('as JSON the answer is the trace and nothing else', async () => {
    const { stdout } = await trace(...ASK, '--format', 'json');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(expected(request))));
    expect(Object.keys(JSON.parse(stdout))).toEqual(['request', 'outcomes', 'mirrors']);
  });
});

describe('--requests', () => {
  const lines = (count: number, more: any[] = []) => [...Array.from({ length: count }, (_, i) => ({ ...request, url: `http://shop.web/${i}` })), ...more].map((each) => JSON.stringify(each));
  const ask = (content: string, ...args: string[]) => {
    const file = path.join(folderOf({ 'requests.jsonl': content }), 'requests.jsonl');
    return command(['trace', shop, '--requests', file, ...args]).then((result) => ({ ...result, stderr: result.stderr.replace(file, 'FILE') }));
  };

  test('traces each, one a line as JSON', async () => {
    const { status, stdout } = await ask(`${lines(3).join('\n\n')}\r\n`, '--format', 'json');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').map((line) => JSON.parse(line).request.url)).toEqual(['http://shop.web/0', 'http://shop.web/1', 'http://shop.web/2']);
  });

  test('traces each, with a line between them as text', async () => {
    const [first, second] = [0, 1].map((i) => expected({ ...request, url: `http://shop.web/${i}` }).toString());
    expect((await ask(lines(2).join('\n'))).stdout).toBe(`${first}\n\n${second}\n`);
  });

  test('one bad outcome among many is enough for 1', async () => {
    expect((await ask(lines(3, [{ ...request, url: 'http://shop.web:81/' }, request]).join('\n'))).status).toBe(1);
  });

  test('thousands in one run', async () => {
    const { status, stdout } = await ask(lines(5000).join('\n'), '--format', 'json');
    expect([status, stdout.trimEnd().split('\n').length]).toEqual([0, 5000]);
  });

  test('from standard input, and at the pace of the reader', async () => {
    const { status, stdout } = await command(['trace', shop, '--requests', '-', '--format', 'json'], { stdin: lines(20).join('\n'), full: true });
    expect([status, stdout.trimEnd().split('\n').length]).toEqual([0, 20]);
  });

  test.each([
    ['{"url": "http://canary/"', 'FILE:1: is no JSON: a line is a request like {"url": "https://shop.example.com/"}'],
    ['{"method": "GET"}', 'FILE:1: url is missing'],
    ['{"url": "http://a/", "header": {}}', 'FILE:1: unknown key header; did you mean headers?'],
    ['{"url": "http://a/", "headers": {"x": ["canary"]}}', 'FILE:1: headers must be names with text, got an object'],
    ['["canary"]', 'FILE:1: it must be an object, got a list'],
    ['{"url": 7}', 'FILE:1: url must be text, got number 7'],
    ['{"url": "ftp://a/"}', 'FILE:1: url must be written like https://shop.example.com:8443/cart?x=1 (http, https, grpc or grpcs), got "ftp://a/"'],
    ['{"url": "http://a/", "entry": "Pod//x"}', 'FILE:1: entry Pod//x is not in the input'],
  ])('a line that cannot be used ends with 2: %s', async (line, message) => {
    const { status, stderr } = await ask(line);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `cdk8s-traffic: ${message}\n` });
  });

  test('what was traced before such a line is printed', async () => {
    const { status, stdout, stderr } = await ask(`${lines(2).join('\n')}\n{}`, '--format', 'json');
    expect([status, stdout.trimEnd().split('\n').length, stderr]).toEqual([2, 2, 'cdk8s-traffic: FILE:3: url is missing\n']);
  });
});

describe('the manifests', () => {
  test('come from standard input, alone or among files', async () => {
    expect((await command(['trace', '-', ...ASK], { stdin: MANIFESTS })).status).toBe(0);
    const service = path.join(folderOf({ 'service.yaml': SERVICE }), 'service.yaml');
    expect((await command(['trace', service, '-', ...ASK, '--complete'], { stdin: DEPLOYMENT })).status).toBe(0);
  });

  test('on standard input are all Kubernetes objects', async () => {
    expect(await command(['trace', '-', ...ASK], { stdin: `${SERVICE}---\na: 1\n` }))
      .toEqual({ status: 2, stdout: '', stderr: 'cdk8s-traffic: standard input:6: is no Kubernetes object but an object without apiVersion and kind: a Kubernetes object has apiVersion and kind\n' });
  });

  test('of a folder may stand beside other files, which are listed', async () => {
    const mixed = folderOf({ 'shop.yaml': MANIFESTS, 'values.yaml': 'a: 1', 'README.md': '#' });
    const { status, stderr } = await command(['trace', mixed, ...ASK]);
    expect([status, stderr]).toEqual([0, `${mixed}/README.md: not Kubernetes, left out\n${mixed}/values.yaml: not Kubernetes, left out\n`]);
  });

  test('that cannot be read or mix both end with 2, also in a folder', async () => {
    for (const [content, message] of [['a: [', /a\.yaml:\d+: is no YAML: /], [`${SERVICE}---\na: 1`, /a\.yaml:6: is no Kubernetes object/]] as const) {
      const { status, stdout, stderr } = await command(['trace', folderOf({ 'a.yaml': content, 'shop.yaml': MANIFESTS }), ...ASK]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});

describe('--profile and --complete', () => {
  const alone = path.join(folderOf({ 'service.yaml': SERVICE }), 'service.yaml');
  const withProfile = (name: string, content: string, ...args: string[]) => {
    const file = path.join(folderOf({ [name]: content }), name);
    return command(['trace', alone, ...ASK, '--profile', file, ...args]).then((result) => ({ ...result, stderr: result.stderr.replace(file, 'FILE') }));
  };

  test('without them a Service whose pods are not there counts as there', async () => {
    expect((await command(['trace', alone, ...ASK])).status).toBe(0);
    expect((await command(['trace', alone, ...ASK, '--complete'])).status).toBe(1);
  });

  test('a profile is YAML or JSON', async () => {
    expect((await withProfile('p.yaml', 'complete: true\nversions: { istio: "1.27" }\ncontour: { ingressClassNames: [a], requestHeaders: { set: { a: b }, remove: [c] } }')).status).toBe(1);
    expect((await withProfile('p.json', '{"complete": true}')).status).toBe(1);
    expect((await withProfile('p.yaml', 'complete: false\nistio: { numTrustedProxies: 1, outboundTrafficPolicy: REGISTRY_ONLY }\naws: {}\nappMesh: { backendGroups: true }')).status).toBe(0);
    expect((await withProfile('p.yaml', '# nothing')).status).toBe(0);
    expect((await withProfile('p.yaml', 'complete: false', '--complete')).status).toBe(1);
  });

  test.each([
    ['complet: true', 'FILE: unknown key complet; did you mean complete?'],
    ['contour: { rootNamespace: [a] }', 'FILE: unknown key contour.rootNamespace; did you mean rootNamespaces?'],
    ['nothingLikeIt: 1', 'FILE: unknown key nothingLikeIt'],
    ['complete: 1', 'FILE: complete must be true or false, got number 1'],
    ['versions: { istio: 1.27 }', 'FILE: versions.istio must be text, got number 1.27'],
    ['istio: { outboundTrafficPolicy: ALLOW }', 'FILE: istio.outboundTrafficPolicy must be ALLOW_ANY or REGISTRY_ONLY, got text'],
    ['istio: { numTrustedProxies: -1 }', 'FILE: istio.numTrustedProxies must be a whole number, got number -1'],
    ['contour: { ingressClassNames: a }', 'FILE: contour.ingressClassNames must be a list of text, got text'],
    ['aws: null', 'FILE: aws must be an object, got nothing'],
    ['[a]', 'FILE: it must be an object, got a list'],
    ['complete: true\n---\na: 1', 'FILE: a profile is one document, got 2'],
    ['complete: true\ncomplete: true', 'FILE:2: key "complete" is there twice'],
  ])('%j ends with 2', async (content, message) => {
    const { status, stdout, stderr } = await withProfile('p.yaml', content);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `cdk8s-traffic: ${message}\n` });
  });
});

describe('colours', () => {
  const COLOUR = '\u001b[';

  test('when a terminal listens, and then only around the same words', async () => {
    const { stdout } = await command(['trace', shop, ...ASK], { tty: true });
    expect(stdout).toContain(COLOUR);
    expect(stripVTControlCharacters(stdout)).toBe(`${expected(request)}\n`);
  });

  test('never in a pipe, in JSON, or when they are not wanted', async () => {
    expect((await command(['trace', shop, ...ASK])).stdout).not.toContain(COLOUR);
    expect((await command(['trace', shop, ...ASK, '--format', 'json'], { tty: true })).stdout).not.toContain(COLOUR);
    expect((await command(['trace', shop, ...ASK], { tty: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(COLOUR);
    expect((await command(['trace', shop, ...ASK], { tty: true, env: { TERM: 'dumb' } })).stdout).not.toContain(COLOUR);
  });
});

describe('help', () => {
  test('--help, --version', async () => {
    const { status, stdout, stderr } = await command(['--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('trace <paths..>');
    expect(await command(['--version'])).toEqual({ status: 0, stdout: '0.0.0\n', stderr: '' });
  });

  test('trace --help names every option', async () => {
    const { status, stdout } = await command(['trace', '--help']);
    expect(status).toBe(0);
    for (const option of ['--url', '-X, --method', '-H, --header', '--entry', '--from', '--sni', '--source-ip', '--requests', '--format', '--profile', '--complete', '--watch']) {
      expect(stdout).toContain(option);
    }
  });
});
