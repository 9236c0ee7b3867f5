/** What is used of the peers: packages without types. */
declare module "sip" {
  /** Reads the message, every header field that it has a reader for at once; undefined when it cannot. */
  export function parse(bytes: Buffer): object | undefined;
  export function stringify(message: object): string;
}

declare module "drachtio-sip/lib/parser.js" {
  const parser: {
    /** With `lazy` header fields stay text; without it those that it has a reader for are read. */
    parseSipMessage(bytes: Buffer, lazy: boolean): object | undefined;
    stringifySipMessage(message: object): string;
  };
  export default parser;
}
