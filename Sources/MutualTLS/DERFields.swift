import Foundation
import SwiftASN1
import X509

/// What revocation lists and OCSP answers have in common, read strictly.
enum DERFields {
    /// Bytes in DER that do not have the form their standard gives them.
    struct Malformed: Error, Hashable {
        let what: String
        init(_ what: String) { self.what = what }
    }

    /// `AlgorithmIdentifier` (RFC 5280 section 4.1.1.2), of which only the name counts.
    static func algorithm(_ node: ASN1Node) throws -> ASN1ObjectIdentifier {
        try DER.sequence(node, identifier: .sequence) { fields in
            let oid = try ASN1ObjectIdentifier(derEncoded: &fields)
            _ = fields.next()  // parameters: NULL for RSA and hashes, absent otherwise
            return oid
        }
    }

    /// `Extensions` (RFC 5280 section 4.1.2.9); none of them twice.
    static func extensions(_ node: ASN1Node) throws -> [(oid: ASN1ObjectIdentifier, critical: Bool, value: ArraySlice<UInt8>)] {
        try DER.sequence(node, identifier: .sequence) { items in
            var found: [(oid: ASN1ObjectIdentifier, critical: Bool, value: ArraySlice<UInt8>)] = []
            var names: Set<ASN1ObjectIdentifier> = []
            while let item = items.next() {
                found.append(
                    try DER.sequence(item, identifier: .sequence) { fields in
                        let oid = try ASN1ObjectIdentifier(derEncoded: &fields)
                        let critical = try DER.decodeDefault(&fields, defaultValue: false)
                        guard names.insert(oid).inserted else { throw Malformed("an extension twice") }
                        return (oid, critical, try ASN1OctetString(derEncoded: &fields).bytes)
                    })
            }
            return found
        }
    }

    /// The one node inside an explicit tag.
    static func explicit(_ node: ASN1Node, _ number: UInt) throws -> ASN1Node {
        guard node.identifier == ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific),
            case .constructed(let content) = node.content
        else { throw Malformed("tag \(number)") }
        var iterator = content.makeIterator()
        guard let inner = iterator.next(), iterator.next() == nil else { throw Malformed("tag \(number)") }
        return inner
    }

    /// `Time` (RFC 5280 section 4.1.2.5): UTCTime or GeneralizedTime.
    static func time(_ node: ASN1Node) throws -> Date {
        guard node.identifier == .utcTime else { return try generalizedTime(node) }
        let time = try UTCTime(derEncoded: node)
        return try date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
    }

    static func generalizedTime(_ node: ASN1Node) throws -> Date {
        let time = try GeneralizedTime(derEncoded: node)
        return try date(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
    }

    private static func date(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) throws -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard let date = calendar.date(from: parts) else { throw Malformed("time") }
        return date
    }
}

extension ASN1NodeCollection.Iterator {
    mutating func required(_ name: String) throws -> ASN1Node {
        guard let node = next() else { throw DERFields.Malformed("\(name) is missing") }
        return node
    }
}
