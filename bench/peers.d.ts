/** What is used of the peers: packages without types. */
declare module "sip" {
  /** Reads the message, every header field that it has a reader for at once; undefined when it cannot. */
  export function parse(bytes: Buffer): { headers: Record<string, unknown>; uri?: string } | undefined;
  /** An address with its parameters; the URI stays text. */
  export function parseAOR(data: { s: string; i: number }): { uri: string };
  export function parseUri(uri: string | object): object | undefined;
  export function stringify(message: object): string;
}

declare module "drachtio-sip/lib/parser.js" {
  const parser: {
    /** With `lazy` header fields stay text; without it those that it has a reader for are read. */
    parseSipMessage(
      bytes: Buffer,
      lazy: boolean,
    ): { headers: Record<string, unknown>; uri?: string } | undefined;
    /** The reader of a field; one that leaves text as it is when it has none. */
    getParser(name: string): (data: { s: string; i: number }) => { uri: string };
    parseUri(uri: string | object): object | undefined;
    stringifySipMessage(message: object): string;
  };
  export default parser;
}
