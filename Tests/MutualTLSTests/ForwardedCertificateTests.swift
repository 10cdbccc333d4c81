import Auth
import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct ForwardedCertificateTests {
    private func field() throws -> (value: String, thumbprint: String) {
        let peer = try Authority("Test CA").client()
        var serializer = DER.Serializer()
        try serializer.serialize(peer.certificate)
        return (":" + Data(serializer.serializedBytes).base64EncodedString() + ":", peer.thumbprint)
    }

    private func refusal(_ values: [String]) -> Reason? {
        if case .unreadable(let refusal) = ForwardedCertificate(values) { refusal.reason } else { nil }
    }

    @Test("A byte sequence is a certificate")
    func good() throws {
        let (value, thumbprint) = try field()
        for text in [value, "  \(value) "] {
            guard case .certificate(let peer) = ForwardedCertificate([text]) else {
                Issue.record("not read")
                continue
            }
            #expect(peer.thumbprint == thumbprint)
        }
        guard case .absent = ForwardedCertificate([]) else {
            Issue.record("read from nothing")
            return
        }
    }

    @Test("Anything else is refused")
    func bad() throws {
        let (value, _) = try field()
        #expect(refusal([value, value]) == .ambiguous)
        for text in [
            "", ":", "::", ":AAAA:", String(value.dropFirst()), String(value.dropLast()), value + value, value + ", " + value, "%2D",
        ] {
            #expect(refusal([text]) == .malformed)
        }
    }
}
