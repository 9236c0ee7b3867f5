import { defineParameterType } from "@cucumber/cucumber";

const NAME = /[A-Z][a-z]+/u;

defineParameterType({
  name: "actor",
  regexp: NAME,
  transformer: (name: string) => name,
  useForSnippets: false,
});

// Bob · Bob and Ted · Bob, Carol and Ted
defineParameterType({
  name: "actors",
  regexp: /[A-Z][a-z]+(?:, [A-Z][a-z]+)*(?: and [A-Z][a-z]+)?/u,
  transformer: (names: string) => names.split(/, | and /u),
  useForSnippets: false,
});

// a comma-separated list of IMDN dispositions: positive-delivery, negative-delivery
defineParameterType({
  name: "dispositions",
  regexp:
    /(?:positive-delivery|negative-delivery|display)(?:, (?:positive-delivery|negative-delivery|display))*/u,
  transformer: (text: string) => text.split(", "),
  useForSnippets: false,
});
