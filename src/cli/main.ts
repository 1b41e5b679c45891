#!/usr/bin/env node
import { run } from './command';

void run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  onInterrupt: (listener) => { process.once('SIGINT', listener).once('SIGTERM', listener); },
}).then((status) => { process.exitCode = status; });
