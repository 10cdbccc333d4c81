import Crypto
import Foundation
import MutualTLS
import SwiftASN1
import X509

/// An OCSP answer to sign; each member bends one thing.
struct ForgedAnswer {
    enum Status { case good, revoked, unknown }
    enum Responder { case name, key }

    var status = Status.good
    var thisUpdate = Date.year(2026, month: 6)
    var nextUpdate: Date? = .year(2026, month: 7)
    var producedAt = Date.year(2026, month: 6)
    /// Nil: as the request has it.
    var serial: [UInt8]?
    var issuer: Authority?
    var nonce: [UInt8]?
    var responder = Responder.name
    /// Who is named as the responder, where it is not the signer.
    var named: Certificate?
    var certificates: [Certificate] = []
    var criticalExtension = false
    var times = 1
    var version: Int?

    /// - Parameter signer: The key that signs, and the certificate it belongs to.
    func der(
        about peer: PeerCertificate, of issuer: Authority, signedBy signer: (key: Certificate.PrivateKey, certificate: Certificate)
    ) throws -> [UInt8] {
        let data = try responseData(peer, self.issuer ?? issuer, named ?? signer.certificate)
        let signature = try signer.key.sign(bytes: data, signatureAlgorithm: .ecdsaWithSHA256)
        let basic = try Self.sequence {
            $0.serializeRawBytes(data)
            try $0.appendConstructedNode(identifier: .sequence) {
                try $0.serialize([1, 2, 840, 10045, 4, 3, 2] as ASN1ObjectIdentifier)
            }
            try $0.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
            if !certificates.isEmpty {
                try $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) {
                    try $0.serializeSequenceOf(certificates)
                }
            }
        }
        return try Self.response(0, basic)
    }

    /// A response that says why there is no answer.
    static func failure(_ status: UInt8) throws -> [UInt8] { try response(status, nil) }

    private static func response(_ status: UInt8, _ basic: [UInt8]?) throws -> [UInt8] {
        try sequence {
            $0.appendPrimitiveNode(identifier: .enumerated) { $0.append(status) }
            guard let basic else { return }
            try $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) {
                try $0.appendConstructedNode(identifier: .sequence) {
                    try $0.serialize([1, 3, 6, 1, 5, 5, 7, 48, 1, 1] as ASN1ObjectIdentifier)
                    try $0.serialize(ASN1OctetString(contentBytes: basic[...]))
                }
            }
        }
    }

    private func responseData(_ peer: PeerCertificate, _ issuer: Authority, _ signer: Certificate) throws -> [UInt8] {
        let single = try single(peer, issuer)
        return try Self.sequence {
            if let version {
                try $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { try $0.serialize(version) }
            }
            switch responder {
            case .name:
                try $0.serialize(explicitlyTaggedWithTagNumber: 1, tagClass: .contextSpecific) { try $0.serialize(signer.subject) }
            case .key:
                let hash = Insecure.SHA1.hash(data: signer.publicKey.subjectPublicKeyInfoBytes)
                try $0.serialize(explicitlyTaggedWithTagNumber: 2, tagClass: .contextSpecific) {
                    try $0.serialize(ASN1OctetString(contentBytes: Array(hash)[...]))
                }
            }
            try $0.serialize(Self.time(producedAt))
            $0.appendConstructedNode(identifier: .sequence) { list in
                for _ in 0..<times { list.serializeRawBytes(single) }
            }
            try extensions(&$0)
        }
    }

    private func single(_ peer: PeerCertificate, _ issuer: Authority) throws -> [UInt8] {
        try Self.sequence {
            try $0.appendConstructedNode(identifier: .sequence) {
                try $0.appendConstructedNode(identifier: .sequence) {
                    try $0.serialize([1, 3, 14, 3, 2, 26] as ASN1ObjectIdentifier)
                    try $0.serialize(ASN1Null())
                }
                let name = Insecure.SHA1.hash(data: try issuer.name.derBytes)
                let key = Insecure.SHA1.hash(data: issuer.certificate.publicKey.subjectPublicKeyInfoBytes)
                try $0.serialize(ASN1OctetString(contentBytes: Array(name)[...]))
                try $0.serialize(ASN1OctetString(contentBytes: Array(key)[...]))
                try $0.serialize((serial ?? Array(peer.certificate.serialNumber.bytes))[...])
            }
            switch status {
            case .good: $0.appendPrimitiveNode(identifier: Self.tag(0)) { _ in }
            case .revoked: try $0.appendConstructedNode(identifier: Self.tag(1)) { try $0.serialize(Self.time(thisUpdate)) }
            case .unknown: $0.appendPrimitiveNode(identifier: Self.tag(2)) { _ in }
            }
            try $0.serialize(Self.time(thisUpdate))
            if let nextUpdate {
                try $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { try $0.serialize(Self.time(nextUpdate)) }
            }
        }
    }

    private func extensions(_ coder: inout DER.Serializer) throws {
        guard nonce != nil || criticalExtension else { return }
        var items: [[UInt8]] = []
        if let nonce {
            var value = DER.Serializer()
            try value.serialize(ASN1OctetString(contentBytes: nonce[...]))
            items.append(try Self.item([1, 3, 6, 1, 5, 5, 7, 48, 1, 2], critical: false, value.serializedBytes))
        }
        if criticalExtension { items.append(try Self.item([1, 2, 3, 4], critical: true, [0x05, 0x00])) }
        coder.serialize(explicitlyTaggedWithTagNumber: 1, tagClass: .contextSpecific) {
            $0.appendConstructedNode(identifier: .sequence) { list in items.forEach { list.serializeRawBytes($0) } }
        }
    }

    private static func item(_ oid: ASN1ObjectIdentifier, critical: Bool, _ value: [UInt8]) throws -> [UInt8] {
        try sequence {
            try $0.serialize(oid)
            if critical { try $0.serialize(true) }
            try $0.serialize(ASN1OctetString(contentBytes: value[...]))
        }
    }

    private static func time(_ date: Date) throws -> GeneralizedTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        return try GeneralizedTime(
            year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hours: parts.hour ?? 0, minutes: parts.minute ?? 0,
            seconds: parts.second ?? 0, fractionalSeconds: 0)
    }

    private static func tag(_ number: UInt) -> ASN1Identifier { ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific) }

    private static func sequence(_ body: (inout DER.Serializer) throws -> Void) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence, body)
        return serializer.serializedBytes
    }
}
