import Auth
import Foundation
import Issuer
import Testing

@Suite("Client credentials")
struct ClientCredentialsTests {
    private func find(_ authorization: [String], _ body: String) throws -> ClientCredentials? {
        try ClientCredentials.find(
            authorization: authorization, form: FormParameters(contentType: FormParametersTests.form, body: body.utf8))
    }

    private func basic(_ text: String, scheme: String = "Basic") -> String {
        "\(scheme) \(Data(text.utf8).base64EncodedString())"
    }

    @Test(
        "Basic credentials are form-encoded before they are joined",
        arguments: [
            ("alice:secret", "alice", "secret"), ("a%3Ab:s%25+t", "a:b", "s% t"), ("alice:s:t", "alice", "s:t"), ("%C3%A9:x", "é", "x"),
        ])
    func basicDecodes(text: String, id: String, secret: String) throws {
        for scheme in ["Basic", "basic", "BASIC"] {
            let found = try #require(try find([basic(text, scheme: scheme)], ""))
            #expect(found.id == id)
            #expect(found.secret.reveal() == secret)
            #expect(found.method == .basic)
        }
    }

    @Test("Credentials in the form are found")
    func post() throws {
        let found = try #require(try find([], "client_id=alice&client_secret=s%26t"))
        #expect(found.id == "alice")
        #expect(found.secret.reveal() == "s&t")
        #expect(found.method == .post)
    }

    @Test("Naming the same client in the form beside Basic is accepted, naming another is refused")
    func nameTwice() throws {
        #expect(try find([basic("alice:secret")], "client_id=alice")?.id == "alice")
        #expect(throws: OAuthError.invalidRequest("client_id is not the client that authenticates", because: .ambiguous)) {
            try find([basic("alice:secret")], "client_id=bob")
        }
    }

    @Test("Two ways to authenticate in one request are refused, even when they agree")
    func twoWays() {
        #expect(throws: OAuthError.invalidRequest("the client authenticates in more than one way", because: .ambiguous)) {
            try find([basic("alice:secret")], "client_id=alice&client_secret=secret")
        }
        #expect(throws: OAuthError.invalidRequest("the Authorization field is sent more than once", because: .ambiguous)) {
            try find([basic("alice:secret"), basic("alice:secret")], "")
        }
    }

    @Test(
        "A request without a secret has no credentials but what the connection shows",
        arguments: ["", "client_id=alice", "client_id=alice&client_secret="])
    func none(body: String) throws {
        let found = try find([], body)
        #expect(found?.id == (body.isEmpty ? nil : "alice"))
        #expect(found?.method == (body.isEmpty ? nil : .name))
        #expect(found?.secret.reveal() ?? "" == "")
    }

    @Test(
        "An Authorization field that cannot be read is invalid_client",
        arguments: [
            "Basic", "Basic !!!", "Bearer abc", "Basic YWxpY2U=", "Basic OnNlY3JldA==", "Basic YWxpY2U6", "Basic YWxpY2U6c2VjcmV0 x", "",
        ])
    func unreadable(header: String) throws {
        let error = #expect(throws: OAuthError.self) { try find([header], "") }
        #expect(error?.code == .invalidClient)
        #expect(error?.status == 401)
    }
}
