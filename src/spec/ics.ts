/** The declaration of a SUT, judged against Appendix B before any traffic: what it claims, what it denies, and what its claims require. */
import { isClaimed, rolesPlayed } from "./applicability.ts";
import {
  type Expression,
  RequirementExpressionError,
  holds,
  parseRequirement,
} from "./requirement-expression.ts";
import { itemById, scrItems } from "./scr.ts";
import type { SutFile } from "./sut-file.ts";
import type { ScrItem } from "./types.ts";

export interface ItemDeclaration {
  readonly item: ScrItem;
  /** False: the row speaks to a role that the SUT does not play. */
  readonly applicable: boolean;
  /** Mandatory and not denied, or claimed. */
  readonly supported: boolean;
  /** A mandatory item that is denied, or a requirement that does not hold: fails the item without traffic. */
  readonly violation?: string;
  /** The requirement cannot be evaluated, for it names no item: a defect of the specification, never of the SUT. */
  readonly defect?: string;
}

export interface IcsFinding {
  readonly kind: "unknown-item" | "role-not-played" | "claimed-and-denied";
  readonly item: string;
  readonly text: string;
}

export interface IcsEvaluation {
  readonly items: readonly ItemDeclaration[];
  /** What the declaration itself has wrong. */
  readonly findings: readonly IcsFinding[];
}

type Declared = Pick<SutFile, "ics" | "client" | "server">;

export function evaluateIcs(sut: Declared): IcsEvaluation {
  return { items: scrItems().map((item) => declarationOf(item, sut)), findings: findingsOf(sut) };
}

/** An item of the tables; undefined if there is none of this id. */
export function declarationOfItem(id: string, sut: Declared): ItemDeclaration | undefined {
  const item = itemById(id);
  return item === undefined ? undefined : declarationOf(item, sut);
}

function declarationOf(item: ScrItem, sut: Declared): ItemDeclaration {
  const applicable = rolesPlayed(sut).has(item.role);
  const supported = applicable && isClaimed(item, sut.ics);
  if (!applicable) return { item, applicable, supported };
  if (!supported && item.status === "M")
    return {
      item,
      applicable,
      supported,
      violation: `${item.id} is mandatory for ${item.role}, and the ICS denies it`,
    };
  return { item, applicable, supported, ...(supported ? requirementOutcome(item, sut) : {}) };
}

function requirementOutcome(item: ScrItem, sut: Declared): Pick<ItemDeclaration, "violation" | "defect"> {
  if (item.requirement === undefined) return {};
  const { expression } = item.requirement;
  const parsed = readExpression(expression);
  const outcome = parsed === undefined ? undefined : holds(parsed, (id) => implemented(id, sut));
  if (outcome === true) return {};
  if (outcome === false)
    return { violation: `${item.id} is claimed and requires ${expression}, which is not implemented` };
  return { defect: `${item.id} requires ${expression}, which is no item of any table: not evaluable` };
}

/** Undefined for what is no expression at all: a defect of the printed row. */
function readExpression(text: string): Expression | undefined {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof RequirementExpressionError) return undefined;
    throw error;
  }
}

/** Undefined: no such item. */
function implemented(id: string, sut: Declared): boolean | undefined {
  const item = itemById(id);
  return item === undefined ? undefined : rolesPlayed(sut).has(item.role) && isClaimed(item, sut.ics);
}

function findingsOf(sut: Declared): readonly IcsFinding[] {
  const roles = rolesPlayed(sut);
  return [...new Set([...sut.ics.claimed, ...sut.ics.denied])].flatMap((id): readonly IcsFinding[] => {
    const item = itemById(id);
    if (item === undefined)
      return [{ kind: "unknown-item", item: id, text: `${id} is no item of Appendix B` }];
    if (sut.ics.claimed.includes(id) && sut.ics.denied.includes(id))
      return [{ kind: "claimed-and-denied", item: id, text: `${id} is both claimed and denied` }];
    if (!roles.has(item.role))
      return [
        {
          kind: "role-not-played",
          item: id,
          text: `${id} speaks to ${item.role}, which the SUT does not declare to be`,
        },
      ];
    return [];
  });
}
