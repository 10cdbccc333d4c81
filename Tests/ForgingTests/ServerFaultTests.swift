import Forging
import Foundation
import Testing

@Suite("A server's certificate is wrong in one thing") struct ServerFaultTests {
    /// What the openssl program says of each, as a client that wants `localhost` would ask it; nil: that it is right.
    private static let verdicts: [ServerFault: String?] = [
        .none: nil, .otherAuthority: "unable to get local issuer certificate", .selfSigned: "self-signed certificate",
        .expired: "certificate has expired", .notYetValid: "certificate is not yet valid",
        .issuedByClient: "invalid CA certificate", .otherName: "hostname mismatch",
        .partialWildcard: "hostname mismatch", .wildcardBelow: "hostname mismatch", .zeroOctet: "hostname mismatch",
        .addressOnly: "hostname mismatch",
        // It falls back on the common name where there is no other.
        .commonNameOnly: nil, .version1: nil, .clientUsage: "unsuitable certificate purpose",
    ]

    @Test(arguments: ServerFault.allCases)
    func `openssl sees that thing, and nothing else`(fault: ServerFault) throws {
        let expected = try #require(Self.verdicts[fault])
        let scratch = try Scratch()
        let pki = try scratch.pki()
        let paths = try pki.forgeServer(fault, host: "localhost", now: Date().timeIntervalSince1970, into: "\(scratch.path)/peers")
        let answer = try Scratch.openssl([
            "verify", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile", pki.ca, "-untrusted", paths.certificate,
            paths.certificate,
        ])
        if let expected {
            #expect(answer.status != 0 && answer.output.contains(expected), "\(answer.output)")
            // A client's certificate is no authority's in three ways.
            let findings = fault == .issuedByClient ? 3 : 1
            #expect(answer.output.components(separatedBy: " depth lookup: ").count == findings + 1, "\(answer.output)")
        } else {
            #expect(answer.status == 0, "\(answer.output)")
        }
        let mode = try FileManager.default.attributesOfItem(atPath: paths.key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
