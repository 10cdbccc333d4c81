package import Foundation
import SwiftASN1
package import X509

/// A complete X.509 v2 certificate revocation list (RFC 5280 section 5).
package struct RevocationList: Sendable {
    /// Why bytes are not a list to rely on.
    package enum Defect: Error, Hashable {
        /// Not DER of a `CertificateList`, or not version 2.
        case malformed(String)
        /// A critical extension that is not processed here, such as one that limits what the list covers.
        case criticalExtension(String)
        /// Only what changed since another list (RFC 5280 section 5.2.4).
        case delta
        /// It never says when the next one is due, as it must (RFC 5280 section 5.1.2.5).
        case endless
    }

    /// The issuer's name in DER.
    package let issuer: [UInt8]
    package let thisUpdate: Date
    package let nextUpdate: Date
    /// The CRL number (RFC 5280 section 5.2.3) in lowercase hexadecimal, of an even number of digits; nil where there is none.
    package let number: String?
    /// How many certificates are on the list.
    package var count: Int { serials.count }
    /// Why it is not to be relied on though it has the form of a list.
    package let flaws: [Defect]

    private let serials: Set<String>
    private let signed: [UInt8]
    private let signature: [UInt8]
    private let algorithm: ASN1ObjectIdentifier

    /// - Throws: `Defect`.
    package init(der: [UInt8]) throws {
        try self.init(reading: der)
        if let flaw = flaws.first { throw flaw }
    }

    /// The same for one who judges the list's flaws himself.
    /// - Throws: `Defect.malformed`.
    package init(reading der: [UInt8]) throws {
        let outer: CertificateListSyntax
        do {
            outer = try CertificateListSyntax(derEncoded: der)
        } catch let defect as Defect {
            throw defect
        } catch let malformed as DERFields.Malformed {
            throw Defect.malformed(malformed.what)
        } catch {
            throw Defect.malformed("\(error)")
        }
        (issuer, thisUpdate, nextUpdate) = (outer.issuer, outer.thisUpdate, outer.nextUpdate)
        (number, serials, flaws) = (outer.number, outer.serials, outer.flaws)
        (signed, signature, algorithm) = (outer.signed, outer.signature, outer.algorithm)
    }

    /// Reads a PEM text of exactly one list.
    /// - Throws: `Defect`, or the PEM parser's error.
    package init(pem: String) throws {
        let lists = try Self.all(inPEM: pem)
        guard lists.count == 1, let list = lists.first else { throw Defect.malformed("\(lists.count) lists where one is wanted") }
        self = list
    }

    /// Every list of a PEM text, in order.
    package static func all(inPEM text: String) throws -> [RevocationList] {
        try PEMDocument.parseMultiple(pemString: text).map { document in
            guard document.discriminator == "X509 CRL" else { throw Defect.malformed("a \(document.discriminator) is no CRL") }
            return try RevocationList(der: document.derBytes)
        }
    }

    /// - Parameter serial: As `PeerCertificate.serial` has it.
    package func contains(serial: String) -> Bool { serials.contains(serial) }

    /// Whether this certificate's subject issued the list, and its key, which must be one for that, signed it
    /// (RFC 5280 section 6.3.3 (f), (g)).
    package func isSigned(by authority: Certificate) -> Bool {
        guard (try? authority.subject.derBytes) == issuer,
            case .isCertificateAuthority? = try? authority.extensions.basicConstraints,
            let algorithm = SignatureRules.algorithms[algorithm]
        else { return false }
        do {
            if let usage = try authority.extensions.keyUsage, !usage.cRLSign { return false }
        } catch {
            return false
        }
        return authority.publicKey.isValidSignature(signature, for: signed, signatureAlgorithm: algorithm)
    }
}
