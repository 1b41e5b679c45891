export * from './tls-certificate-delegation';
