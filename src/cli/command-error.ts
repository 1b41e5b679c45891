/** Something wrong with what a command was given: exit status 2, and one line. */
export class CommandError extends Error {}
