export * from './collector';
export * from './exporter';
export * from './receiver';
export * from './signal';
