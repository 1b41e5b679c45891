export * from './acme-solver';
export * from './certificate';
export * from './cluster-issuer';
export * from './issuer';
export * from './issuer-config';
export * from './issuer-reference';
