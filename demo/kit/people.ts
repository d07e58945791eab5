import { between, pick } from "./random";

const given = [
  "Ada",
  "Ben",
  "Chloé",
  "Dilan",
  "Eva",
  "Farid",
  "Greta",
  "Hana",
  "Ivo",
  "Jana",
  "Kofi",
  "Lena",
  "Milan",
  "Noor",
  "Otto",
  "Priya",
  "Quinn",
  "Rosa",
  "Sven",
  "Tala",
];
const family = [
  "Adler",
  "Brandt",
  "Costa",
  "Duarte",
  "Eriksen",
  "Fischer",
  "Garcia",
  "Haas",
  "Ivanov",
  "Jansen",
  "Keller",
  "Lindqvist",
  "Moreau",
  "Novak",
  "Okafor",
  "Petrov",
  "Rossi",
  "Santos",
  "Tanaka",
  "Weber",
];
const cities = ["Berlin", "Lisboa", "Kraków", "Lyon", "Graz", "Gent", "Malmö", "Porto", "Torino", "Brno"];

export const customers = 400;

export type Person = { id: string; name: string; email: string; city: string };

/** The customer with this number (from 0), as they are after so many moves. Invented, every one of them. */
export function person(number: number, moves = 0): Person {
  const name = `${pick(given, "given", number)} ${pick(family, "family", number)}`;
  const mailbox = name
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[^a-z ]/g, "")
    .replace(" ", ".");
  return {
    id: `CUS-${10_001 + number}`,
    name,
    email: `${mailbox}${moves > 0 ? `+${moves}` : ""}@example.com`,
    city: pick(cities, "city", number, moves),
  };
}

/** A card number from the range that payment providers keep for tests. */
export function testCard(seed: string): string {
  return `4000 0000 ${between(1_000, 9_999, seed, "card", 1)} ${between(1_000, 9_999, seed, "card", 2)}`;
}
