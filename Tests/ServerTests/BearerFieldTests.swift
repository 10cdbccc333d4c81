import Auth
import Server
import Testing

struct BearerFieldTests {
    private func described(_ values: [String]) -> String {
        switch BearerField(values) {
        case .absent: "absent"
        case .token(let token): "token \(token.reveal())"
        case .proven(let token): "proven \(token.reveal())"
        case .unreadable(let refusal): "unreadable \(refusal.reason.rawValue)"
        }
    }

    @Test(
        "A credential is one bearer token in one field, whatever the case of its scheme",
        arguments: [
            ([], "absent"), (["Bearer abc"], "token abc"), (["bearer abc"], "token abc"), (["BEARER   abc"], "token abc"),
            (["Bearer a.b-c_d~e+f/g=="], "token a.b-c_d~e+f/g=="), (["Basic YTpi"], "absent"), (["Token abc"], "absent"),
            (["DPoP abc"], "proven abc"), (["dpop  abc"], "proven abc"), (["DPoP"], "unreadable malformed"),
            (["DPoP a", "Bearer a"], "unreadable ambiguous"), (["DPoPabc"], "absent"),
            (["abc"], "absent"),
            (["Bearerabc"], "absent"), (["Bearer"], "unreadable malformed"), (["Bearer "], "unreadable malformed"),
            (["Bearer a b"], "unreadable malformed"), (["Bearer a, Bearer b"], "unreadable malformed"),
            (["Bearer a=b"], "unreadable malformed"),
            (["Bearer a\"b"], "unreadable malformed"), (["Bearer é"], "unreadable malformed"), (["Bearer ="], "unreadable malformed"),
            (["Bearer a", "Bearer b"], "unreadable ambiguous"), (["Basic a", "Bearer b"], "unreadable ambiguous"),
        ] as [([String], String)])
    func fields(values: [String], expected: String) {
        #expect(described(values) == expected)
    }
}
