import Foundation
import SwiftASN1
import X509

/// A revocation list to sign; each member bends one thing.
struct ForgedList {
    var version = 1
    var thisUpdate = 2026
    var nextUpdate: Int? = 2030
    var number: Int? = 1
    var serials: [[UInt8]] = []
    var extensions: [(oid: ASN1ObjectIdentifier, critical: Bool)] = []
    var entryExtension: ASN1ObjectIdentifier?

    func der(signedBy authority: Authority, as name: DistinguishedName? = nil) throws -> [UInt8] {
        let toBeSigned = try self.toBeSigned(name ?? authority.name)
        let signature = try authority.key.sign(bytes: toBeSigned, signatureAlgorithm: .ecdsaWithSHA256)
        return try sequence {
            $0.serializeRawBytes(toBeSigned)
            try algorithm(&$0)
            try $0.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
        }
    }

    func pem(signedBy authority: Authority, as name: DistinguishedName? = nil) throws -> String {
        let lines = Data(try der(signedBy: authority, as: name)).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN X509 CRL-----\n\(lines)\n-----END X509 CRL-----\n"
    }

    private func toBeSigned(_ name: DistinguishedName) throws -> [UInt8] {
        try sequence {
            try $0.serialize(version)
            try algorithm(&$0)
            try $0.serialize(name)
            try $0.serialize(GeneralizedTime(year: thisUpdate, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0, fractionalSeconds: 0))
            if let nextUpdate {
                try $0.serialize(UTCTime(year: nextUpdate, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0))
            }
            if !serials.isEmpty { $0.serializeRawBytes(try entries()) }
            let items = try self.items()
            if !items.isEmpty {
                $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) {
                    $0.appendConstructedNode(identifier: .sequence) { list in items.forEach { list.serializeRawBytes($0) } }
                }
            }
        }
    }

    /// Joined by hand: the serializer copies all it has for every node it adds, which a long list cannot afford.
    private func entries() throws -> [UInt8] {
        var all: [UInt8] = []
        for serial in serials {
            all += try sequence {
                try $0.serialize(serial[...])
                try $0.serialize(UTCTime(year: 2026, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0))
                if let entryExtension {
                    let item = try Self.item(entryExtension, critical: true, [0x05, 0x00])
                    $0.appendConstructedNode(identifier: .sequence) { $0.serializeRawBytes(item) }
                }
            }
        }
        return try sequence { $0.serializeRawBytes(all) }
    }

    private func items() throws -> [[UInt8]] {
        var items = try extensions.map { try Self.item($0.oid, critical: $0.critical, [0x02, 0x01, 0x01]) }
        if let number {
            var value = DER.Serializer()
            try value.serialize(number)
            items.append(try Self.item([2, 5, 29, 20], critical: false, value.serializedBytes))
        }
        return items
    }

    private static func item(_ oid: ASN1ObjectIdentifier, critical: Bool, _ value: [UInt8]) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) {
            try $0.serialize(oid)
            if critical { try $0.serialize(true) }
            try $0.serialize(ASN1OctetString(contentBytes: value[...]))
        }
        return serializer.serializedBytes
    }

    private func algorithm(_ serializer: inout DER.Serializer) throws {
        try serializer.appendConstructedNode(identifier: .sequence) {
            try $0.serialize([1, 2, 840, 10045, 4, 3, 2] as ASN1ObjectIdentifier)
        }
    }

    private func sequence(_ body: (inout DER.Serializer) throws -> Void) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence, body)
        return serializer.serializedBytes
    }
}
