/**
 * A view that is not shown at first, packed: deflated (RFC 1950) and in base64 within a template, so that a page with hundreds of views stays
 * small and opens at once. What is packed was escaped when it was rendered; the script unpacks it when its address is asked for.
 */
import { deflateSync } from "node:zlib";
import { html, type Markup } from "./markup.ts";

/** `link` is the address of the view. */
export function packedView(link: string, content: Markup): Markup {
  return html`<template data-view="${link}">${packed(content)}</template> `;
}

function packed(content: Markup): string {
  return deflateSync(content.toString(), { level: 5 }).toString("base64");
}
