import Foundation
import SwiftASN1

/// The ASN.1 of RFC 5280 section 5.1, read strictly.
struct CertificateListSyntax: DERParseable {
    var issuer: [UInt8] = []
    var thisUpdate = Date.distantPast
    var nextUpdate = Date.distantPast
    var number: String?
    var serials: Set<String> = []
    /// The bytes that the signature is over, as they came.
    var signed: [UInt8] = []
    var signature: [UInt8] = []
    var algorithm: ASN1ObjectIdentifier = [0, 0]
    /// What is wrong with a list that has the form of one.
    var flaws: [RevocationList.Defect] = []

    init(derEncoded node: ASN1Node) throws {
        try DER.sequence(node, identifier: .sequence) { parts in
            let toBeSigned = try parts.required("tbsCertList")
            let algorithmNode = try parts.required("signatureAlgorithm")
            signed = Array(toBeSigned.encodedBytes)
            algorithm = try DERFields.algorithm(algorithmNode)
            let bits = try ASN1BitString(derEncoded: &parts)
            guard bits.paddingBits == 0 else { throw RevocationList.Defect.malformed("signature with padding bits") }
            signature = Array(bits.bytes)
            try readList(toBeSigned, algorithm: Array(algorithmNode.encodedBytes))
        }
    }

    private mutating func readList(_ node: ASN1Node, algorithm: [UInt8]) throws {
        try DER.sequence(node, identifier: .sequence) { fields in
            guard try Int(derEncoded: &fields) == 1 else { throw RevocationList.Defect.malformed("not version 2") }
            guard Array(try fields.required("signature").encodedBytes) == algorithm else {
                throw RevocationList.Defect.malformed("two signature algorithms")
            }
            issuer = Array(try fields.required("issuer").encodedBytes)
            thisUpdate = try DERFields.time(fields.required("thisUpdate"))
            var next = fields.next()
            if let time = next, [.utcTime, .generalizedTime].contains(time.identifier) {
                nextUpdate = try DERFields.time(time)
                next = fields.next()
            } else {
                nextUpdate = .distantFuture
                flaws.append(.endless)
            }
            if let entries = next, entries.identifier == .sequence {
                try readEntries(entries)
                next = fields.next()
            }
            guard let extensions = next else { return }
            try readExtensions(extensions)
        }
    }

    private mutating func readEntries(_ node: ASN1Node) throws {
        guard case .constructed(let entries) = node.content else { throw RevocationList.Defect.malformed("revokedCertificates") }
        for entry in entries {
            try DER.sequence(entry, identifier: .sequence) { fields in
                let serial = try ArraySlice<UInt8>(derEncoded: &fields)
                // Only its form: when it happened makes no difference, and a list may have a million entries.
                let date = try fields.required("revocationDate")
                if date.identifier == .utcTime { _ = try UTCTime(derEncoded: date) } else { _ = try GeneralizedTime(derEncoded: date) }
                if let extensions = fields.next() {
                    // A critical one may move the entry to another issuer's certificates (RFC 5280 section 5.3.3).
                    for item in try DERFields.extensions(extensions) where item.critical {
                        flaws.append(.criticalExtension(item.oid.description))
                    }
                }
                serials.insert(PeerCertificate.hexadecimal(serial: serial))
            }
        }
    }

    private mutating func readExtensions(_ node: ASN1Node) throws {
        for item in try DERFields.extensions(DERFields.explicit(node, 0)) {
            switch item.oid {
            case [2, 5, 29, 20]:  // cRLNumber, which is never critical
                if item.critical { flaws.append(.criticalExtension(item.oid.description)) }
                number = PeerCertificate.hexadecimal(serial: try ArraySlice<UInt8>(derEncoded: item.value))
            case [2, 5, 29, 27]:  // deltaCRLIndicator
                flaws.append(.delta)
            default:
                if item.critical { flaws.append(.criticalExtension(item.oid.description)) }
            }
        }
    }
}
