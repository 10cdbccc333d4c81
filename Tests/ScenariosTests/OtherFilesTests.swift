import Scenarios
import Testing

@Suite struct OtherFilesTests {
    @Test func `a scheme says what it promises and what a refusal looks like`() throws {
        let scheme = try SchemeFile.read(goodScheme, id: "api-key", file: "schemes/api-key.yaml")
        #expect(scheme.lifetime == 7_776_000)
        #expect(scheme.revocationPromise == 1)
        #expect(scheme.notOffered == ["renew": "a key is not signed by anything"])
        #expect(scheme.refusalStatuses == [401])
        #expect(!scheme.refusalInTransport)
        let until = try SchemeFile.read(goodScheme.replacing("promise: 1s", with: "promise: expiry"), id: "x", file: "x")
        #expect(until.revocationPromise == nil)
    }

    @Test(arguments: [
        ("promise: 1s", "promise: soon", "5:24: expected a duration such as 5ms, 2s, 10m, 1h or 90d, or 'expiry', not 'soon'"),
        (
            "renew:", "renews:",
            "6:16: expected 'issue', 'switch', 'retire', 'revoke', 'renew', 'connect', 'call', 'probe', 'load', 'stop', 'hold', 'replay', 'fault', 'clock', 'restart' or 'publish', not 'renews' (did you mean 'renew'?)"
        ),
        ("[401]", "[200]", "7:23: expected a whole number from 400 to 599, not '200'"),
        (
            "presents: [api-key]", "presents: [apikey]",
            "2:12: expected 'api-key', 'token' or 'certificate', not 'apikey' (did you mean 'api-key'?)"
        ),
    ])
    func `a mistake in a scheme is told with its place`(_ old: String, _ new: String, _ expected: String) {
        let text = goodScheme.replacing(old, with: new)
        #expect(mistakes { () throws(SourceErrors) in _ = try SchemeFile.read(text, id: "x", file: "x") } == [expected])
    }

    @Test func `a subject names its commands`() throws {
        let text = """
            title: A server
            role: server
            schemes: [api-key]
            eras: ["2026-07-28"]
            start: [mcp-server, serve, --config, "{config}"]
            hooks:
              issue: [mcp-server, keys, issue]
            audit: no
            reasons: { alert certificate_revoked: revoked }
            """
        let subject = try SubjectFile.read(text, id: "s", file: "x")
        #expect(subject.hooks == ["issue": ["mcp-server", "keys", "issue"]])
        #expect(subject.reasons == ["alert certificate_revoked": "revoked"])
        let broken = text.replacing("role: server", with: "role: sever").replacing("hooks:", with: "hook:")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try SubjectFile.read(broken, id: "s", file: "x") } == [
                "2:7: expected 'server', 'issuer' or 'client', not 'sever' (did you mean 'server'?)",
                "6:1: unknown key 'hook' in the subject (did you mean 'hooks'?)",
            ])
    }

    @Test func `a client says no more than how it is started`() throws {
        let text = """
            title: A client
            role: client
            schemes: [api-key]
            contract: command
            start: [curl, "{url}"]
            """
        let client = try SubjectFile.read(text, id: "c", file: "x")
        #expect(client.eras == ["2026-07-28", "2025-11-25"])
        #expect(client.hooks.isEmpty)
        #expect(!client.audit)
        let server = text.replacing("role: client", with: "role: server").replacing("contract: command\n", with: "")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try SubjectFile.read(server, id: "s", file: "x") } == [
                "1:1: missing key 'eras' in the subject"
            ])
    }

    @Test func `a defect has one kill set, or one for each scheme`() throws {
        let text = """
            - { id: server/ignores-exp, role: server, bends: Expiry is not looked at., kills: [expiry.refused] }
            - id: issuer/forgets
              role: issuer
              bends: Old secrets die.
              kills: { oauth-jwt: [a.b], layered: a.c }
            """
        let defects = try DefectsFile.read(text, file: "defects/x.yaml")
        #expect(defects[0].kills(in: "mtls") == ["expiry.refused"])
        #expect(defects[1].kills(in: "layered") == ["a.c"])
        #expect(defects[1].kills(in: "mtls").isEmpty)
        let broken = text.replacing("id: issuer/forgets", with: "id: server/forgets")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try DefectsFile.read(broken, file: "x") } == [
                "2:7: a defect of the issuer is named 'issuer/…', not 'server/forgets'"
            ])
    }

    @Test func `a table names measures and checks in its words, and bounds in its claims`() throws {
        let text = """
            families:
              - { id: oauth, title: OAuth, schemes: [oauth-jwt] }
            rows:
              - id: revocation
                title: Revocation
                cells: [{ words: "{window} and {check:a.b}" }]
                claims: [{ family: oauth, says: Up to TTL, holds: { measure: window, at-most: lifetime, at-least: 1m } }]
            """
        let table = try TableFile.read(text, file: "x")
        #expect(TemplateText.parts(table.rows[0].cells[0].words) == [.measure("window"), .words(" and "), .check("a.b")])
        #expect(table.rows[0].claims[0].holds == [.measure("window", atLeast: .value(60), atMost: .lifetime)])
        let broken = text.replacing("{window}", with: "{window").replacing("at-most: lifetime, at-least: 1m", with: "atmost: 1")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try TableFile.read(broken, file: "x") }.map { $0.prefix { $0 != " " } } == [
                "6:22:", "7:55:", "7:74:",
            ])
    }

    @Test func `a row may leave schemes out, and a claim may ask for a reason`() throws {
        let text = """
            families:
              - { id: oauth, title: OAuth, schemes: [oauth-jwt] }
            rows:
              - id: tenants
                title: Tenants
                about: >
                  Whose data
                  it is.
                elsewhere: one is enough
                elsewhere-for: oauth-jwt
                cells: [{ for: [oauth-jwt], words: "apart: {held:a.b}" }]
                claims: [{ family: oauth, says: With scopes, holds: { check: a.b, because: scope } }]
            """
        let row = try TableFile.read(text, file: "x").rows[0]
        #expect(row.about == "Whose data it is.")
        #expect(row.elsewhere("oauth-jwt") == "one is enough" && row.elsewhere("mtls") == nil)
        #expect(TemplateText.parts(row.cells[0].words) == [.words("apart: "), .held("a.b")])
        #expect(row.claims[0].holds == [.check("a.b", because: "scope")])
        let broken = text.replacing("because: scope", with: "because: scop")
        #expect(
            mistakes { () throws(SourceErrors) in _ = try TableFile.read(broken, file: "x") } == [
                "12:80: no reason 'scop' (did you mean 'scope'?)"
            ])
    }
}
