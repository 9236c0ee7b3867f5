/** Warning texts in the language that a client prefers (clause 5.6.1): the words change, the code does not. */
import type { SipRequest } from "../../../wire/sip/message.ts";
import { headerValues } from "../../../wire/sip/headers.ts";

type Words = Readonly<Record<string, string>>;

/** By code. A code that is not here is explained in English. */
const TRANSLATIONS: Readonly<Record<string, Words>> = {
  fr: {
    "102": "Trop de participants",
    "105": "isfocus déjà attribué",
    "119": "Anonymat non autorisé",
    "122": "Fonction non autorisée",
    "123": "La session n'existe pas",
    "124": "Service non autorisé en raison de la limite d'âge",
    "127": "Service non autorisé",
  },
  de: {
    "102": "Zu viele Teilnehmer",
    "105": "isfocus ist schon vergeben",
    "119": "Anonymität ist nicht erlaubt",
    "122": "Funktion nicht erlaubt",
    "123": "Die Sitzung gibt es nicht",
    "124": "Dienst wegen der Altersgrenze nicht erlaubt",
    "127": "Dienst nicht erlaubt",
  },
};

const ENGLISH = "en";

/** The language with the greatest weight among those that the server has words for. */
export function preferredLanguage(request: SipRequest): string {
  const ranges = headerValues(request, "Accept-Language").map((value) => {
    const [range = "", ...params] = value.split(";").map((part) => part.trim().toLowerCase());
    const weight = params.find((param) => param.startsWith("q="))?.slice(2);
    return { language: range.split("-")[0] ?? "", weight: weight === undefined ? 1 : Number(weight) };
  });
  const known = ranges.filter(
    ({ language, weight }) => weight > 0 && (language === ENGLISH || language in TRANSLATIONS),
  );
  return known.toSorted((one, other) => other.weight - one.weight)[0]?.language ?? ENGLISH;
}

/** `text`: code and words, in English. */
export function translated(text: string, language: string): string {
  const code = text.slice(0, 3);
  const words = TRANSLATIONS[language]?.[code];
  return words === undefined ? text : `${code} ${words}`;
}
