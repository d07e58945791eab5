import { expect, test } from "vitest";
import { oidcConfigFrom } from "./input";
import { type OidcMapping, standingFromClaims } from "./rules";

const mapping: OidcMapping = {
  issuer: "https://id.example.test",
  roleClaim: "realm_access.roles",
  roleMap: { admins: "administrator", oncall: "operator", readers: "viewer" },
  zonesClaim: null,
  defaultRole: null,
  emailIsVerified: false,
};

test("the highest role that a claim gives counts", () => {
  expect(standingFromClaims({ realm_access: { roles: ["readers", "admins", "oncall"] } }, mapping, null)?.role).toBe(
    "administrator",
  );
  expect(standingFromClaims({ realm_access: { roles: "readers" } }, mapping, null)?.role).toBe("viewer");
});

test("a claim whose name has dots in it is read by its whole name first", () => {
  const named = { ...mapping, roleClaim: "https://accord.example.test/roles" };
  expect(standingFromClaims({ "https://accord.example.test/roles": ["oncall"] }, named, null)?.role).toBe("operator");
});

test("claims of odd shapes, and names that every object has, give no role", () => {
  for (const roles of [null, 7, {}, [["admins"]], ["constructor"], ["__proto__"], undefined])
    expect(standingFromClaims({ realm_access: { roles } }, mapping, null)).toBeNull();
  expect(standingFromClaims({}, { ...mapping, roleClaim: "constructor.name" }, null)).toBeNull();
});

test("with a zones claim, silence shows nothing and a star shows everything", () => {
  const zoned = { ...mapping, roleClaim: null, defaultRole: "viewer" as const, zonesClaim: "zones" };
  expect(standingFromClaims({}, zoned, null)).toEqual({ role: "viewer", zones: [] });
  expect(standingFromClaims({ zones: ["orders"] }, zoned, { role: "operator", zones: null })).toEqual({
    role: "operator",
    zones: ["orders"],
  });
  expect(standingFromClaims({ zones: "*" }, zoned, null)).toEqual({ role: "viewer", zones: null });
});

const given = { OIDC_ISSUER: "https://id.example.test/", OIDC_CLIENT_ID: "accord", OIDC_CLIENT_SECRET: "secret" };

test("the environment names a provider, or none", () => {
  expect(oidcConfigFrom({})).toBeNull();
  expect(
    oidcConfigFrom({ ...given, OIDC_ROLE_CLAIM: "groups", OIDC_ROLE_MAP: "accord-admins=administrator, oncall=operator" }),
  ).toMatchObject({
    issuer: "https://id.example.test",
    roleMap: { "accord-admins": "administrator", oncall: "operator" },
    defaultRole: null,
  });
});

test("a provider that is named by halves is refused in words", () => {
  expect(() => oidcConfigFrom({ OIDC_ISSUER: "https://id.example.test" })).toThrow("OIDC_CLIENT_ID is missing.");
  expect(() => oidcConfigFrom({ ...given, OIDC_ROLE_CLAIM: "groups" })).toThrow("OIDC_ROLE_MAP is missing");
  expect(() => oidcConfigFrom({ ...given, OIDC_ROLE_MAP: "admins=root" })).toThrow("OIDC_ROLE_MAP must read claim=role");
});
