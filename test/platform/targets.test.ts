import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Targets, TargetVersions } from '../../src';
import { FEATURES } from '../../src/platform/target-features';
import { compareVersions, requireFeature, TARGET_RANGES } from '../../src/platform/targets';

const SYSTEMS = Object.keys(TARGET_RANGES) as (keyof TargetVersions)[];

test('without a word, every system has its default', () => {
  const targets = Targets.of(Testing.app());
  for (const system of SYSTEMS) expect([system, targets[system]]).toEqual([system, TARGET_RANGES[system].default]);
});

test('no minimum is above its default, and every feature is of a known system and above its minimum', () => {
  for (const range of Object.values(TARGET_RANGES)) expect(compareVersions(range.minimum, range.default)).toBeLessThanOrEqual(0);
  for (const [name, { system, since }] of Object.entries(FEATURES)) {
    expect([name, SYSTEMS]).toEqual([name, expect.arrayContaining([system])]);
    expect([name, compareVersions(since, TARGET_RANGES[system].minimum) > 0]).toEqual([name, true]);
  }
});

test('what is declared holds below, and what is declared below wins', () => {
  const app = Testing.app();
  const [one, two] = [new Chart(app, 'one'), new Chart(app, 'two')];
  const part = new Construct(one, 'part');
  Targets.on(app, { kubernetes: '1.29', istio: '1.28' });
  const declared = Targets.on(one, { istio: '1.29.3' });
  expect([declared.kubernetes, declared.istio]).toEqual(['1.29', '1.29.3']);
  expect([Targets.of(part).kubernetes, Targets.of(part).istio]).toEqual(['1.29', '1.29.3']);
  expect([Targets.of(two).kubernetes, Targets.of(two).istio]).toEqual(['1.29', '1.28']);
  expect(Targets.of(two).dapr).toBe(TARGET_RANGES.dapr.default);
});

test('declaring twice adds, and a version that is not named stays', () => {
  const app = Testing.app();
  Targets.on(app, { istio: '1.28' });
  Targets.on(app, { kubernetes: '1.29', istio: undefined });
  expect([Targets.of(app).kubernetes, Targets.of(app).istio]).toEqual(['1.29', '1.28']);
});

test('the declarations of one app are none of another\'s', () => {
  Targets.on(Testing.app(), { istio: '1.28' });
  expect(Targets.of(new App({ outdir: 'never-written' })).istio).toBe(TARGET_RANGES.istio.default);
});

test.each(SYSTEMS)('%s: the minimum and later are taken, what is older is refused', (system) => {
  const { minimum, title } = TARGET_RANGES[system];
  const [major, minor] = minimum.split('.').map(Number);
  expect(Targets.on(Testing.app(), { [system]: minimum })[system]).toBe(minimum);
  expect(Targets.on(Testing.app(), { [system]: `${minimum}.7` })[system]).toBe(`${minimum}.7`);
  expect(Targets.on(Testing.app(), { [system]: '99.0' })[system]).toBe('99.0');
  const older = minor > 0 ? `${major}.${minor - 1}` : `${major - 1}.99`;
  expect(() => Targets.on(Testing.app(), { [system]: older }))
    .toThrow(`targets.${system}: ${title} ${minimum} is the oldest that is written for, got "${older}"`);
});

test.each(['1', 'v1.30', '1.30.x', 'latest', '', '1.30-rc.1', '1.30.1.1'])('refuses the version "%s"', (istio) => {
  expect(() => Targets.on(Testing.app(), { istio })).toThrow(`targets.istio: a version is written as "1.30", got "${istio}"`);
});

test('refuses a system that it does not know', () => {
  expect(() => Targets.on(Testing.app(), { linkerd: '2.16' } as TargetVersions)).toThrow('targets: unknown system "linkerd"; known are kubernetes, istio');
});

test('versions are compared by number, not by letter', () => {
  expect(compareVersions('1.9', '1.27')).toBeLessThan(0);
  expect(compareVersions('1.27', '1.9')).toBeGreaterThan(0);
  expect(compareVersions('1.27', '1.27.0')).toBe(0);
  expect(compareVersions('2.0', '1.99.9')).toBeGreaterThan(0);
  expect(compareVersions('1.27.1', '1.27.10')).toBeLessThan(0);
});

test('a feature that the target lacks is an error that says what to do', () => {
  const app = Testing.app();
  Targets.on(app, { kubernetes: '1.28' });
  expect(() => requireFeature(app, 'Deployment web/app', 'native-sidecar')).toThrow(
    'Deployment web/app: a native sidecar (an init container with restartPolicy Always) needs Kubernetes 1.29 or later, the target is 1.28; ' +
    'leave it out, or raise `targets.kubernetes`');
  Targets.on(app, { kubernetes: '1.29' });
  expect(() => requireFeature(app, 'Deployment web/app', 'native-sidecar')).not.toThrow();
});
