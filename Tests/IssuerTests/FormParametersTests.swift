import Auth
import Issuer
import Testing

@Suite("Form parameters")
struct FormParametersTests {
    static let form = ["application/x-www-form-urlencoded"]

    @Test(
        "A form gives its parameters decoded",
        arguments: [
            ("a=1&b=2", "1"), ("a=x+y", "x y"), ("a=x%20y", "x y"), ("a=%C3%A9", "é"), ("a=1=2", "1=2"), ("&&a=1&", "1"), ("%61=1", "1"),
        ])
    func decodes(body: String, expected: String) throws {
        #expect(try FormParameters(contentType: Self.form, body: body.utf8)["a"] == expected)
    }

    @Test("A parameter without a value is absent", arguments: ["", "a", "a=", "b=1"])
    func empty(body: String) throws {
        #expect(try FormParameters(contentType: Self.form, body: body.utf8)["a"] == nil)
    }

    @Test("A parameter sent twice is refused, even when it is unknown or empty", arguments: ["a=1&a=1", "a=&a=1", "x=1&x=2", "a=1&%61=2"])
    func duplicates(body: String) throws {
        #expect(throws: OAuthError.invalidRequest("a parameter is sent more than once", because: .ambiguous)) {
            try FormParameters(contentType: Self.form, body: body.utf8)
        }
    }

    @Test("Only the resource parameter may be repeated")
    func resource() throws {
        #expect(try FormParameters(contentType: Self.form, body: "resource=a&resource=&resource=b".utf8).all("resource") == ["a", "b"])
    }

    @Test(
        "Broken percent-encoding and bytes that are no UTF-8 are refused",
        arguments: ["a=%", "a=%4", "a=%zz", "a=%FF", "%C3=1", "a=%C0%80"])
    func broken(body: String) {
        #expect(throws: OAuthError.self) { try FormParameters(contentType: Self.form, body: body.utf8) }
    }

    @Test(
        "A form is accepted with its media type, in any case and with the harmless charset",
        arguments: [
            "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded", "application/x-www-form-urlencoded; charset=UTF-8",
            #"application/x-www-form-urlencoded;charset="utf-8""#,
        ])
    func mediaTypes(type: String) throws {
        #expect(try FormParameters(contentType: [type], body: "a=1".utf8)["a"] == "1")
    }

    @Test(
        "Any other media type is refused, and so is none or more than one",
        arguments: [
            ["application/json"], ["text/plain"], [], ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded"],
            ["application/x-www-form-urlencoded; charset=latin1"], ["application/x-www-form-urlencodedx"],
        ])
    func otherMediaTypes(types: [String]) {
        #expect(throws: OAuthError.self) { try FormParameters(contentType: types, body: "a=1".utf8) }
    }
}
