import { platform } from '../../src';

const props: platform.HelmChartProps = { repository: 'https://charts.example.com/stable/', chart: 'shop', version: '1.2.3', namespace: 'web' };

test('a chart has a release named after it, no values, and an address without a slash at its end', () => {
  const chart = new platform.HelmChart(props);
  expect({ ...chart }).toEqual({
    repository: 'https://charts.example.com/stable', chart: 'shop', version: '1.2.3', namespace: 'web', releaseName: 'shop', values: {},
  });
  expect(chart.isOci).toBe(false);
  expect(new platform.HelmChart({ ...props, repository: 'oci://ghcr.io/example/charts' }).isOci).toBe(true);
});

test.each(['1.2.3', 'v1.2.3', '1.2.3-rc.1', '1.2.3+build.7'])('takes the exact version %s', (version) => {
  expect(new platform.HelmChart({ ...props, version }).version).toBe(version);
});

test.each(['', '1.2', '^1.2.3', '1.x', '>=1.0.0', '*', 'latest'])('refuses the version "%s"', (version) => {
  expect(() => new platform.HelmChart({ ...props, version })).toThrow(`HelmChart shop: version must be exact, such as "1.30.3", got "${version}"`);
});

test('refuses wrong addresses and names', () => {
  const refused = (wrong: Partial<platform.HelmChartProps>) => expect(() => new platform.HelmChart({ ...props, ...wrong }));
  refused({ repository: 'charts.example.com' }).toThrow('a repository is written https://… or oci://…, got "charts.example.com"');
  refused({ chart: 'Shop' }).toThrow('HelmChart Shop: a chart is named by lower-case letters');
  refused({ releaseName: 'Shop' }).toThrow('HelmChart shop: release name must be lower-case letters');
  refused({ releaseName: 'a'.repeat(54) }).toThrow('release name must have at most 53 characters, got 54');
  refused({ releaseName: 'a'.repeat(53) }).not.toThrow();
  refused({ namespace: 'my.web' }).toThrow('HelmChart shop: namespace: name must be');
});
