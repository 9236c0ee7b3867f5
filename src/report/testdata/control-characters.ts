/** All of C0 and C1, DEL, marks of direction, lone surrogates, and what markup reads as its own. */
export const NASTY = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 0x21 }, (_, code) => String.fromCharCode(0x7f + code)),
  "\u202e\u2066\u200f\u2028\ufeff\ufffe\uffff\ud800x\udc00",
  "</script><script>\"'&]]>--><!--`|*_\\[a](b)${x}",
].join("");
