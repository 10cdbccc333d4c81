package import Foundation
import SwiftASN1
package import X509

/// A responder's answer as it says itself, before anyone has asked whether to believe it: RFC 6960 section 4.2.1, read strictly.
package struct OCSPResponse: Sendable {
    /// Not the DER of a response, or of a kind that is not known here.
    package struct Malformed: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Why there is no answer: the `responseStatus` other than successful.
    package enum Failure: Int, Sendable, Hashable {
        case malformedRequest = 1
        case internalError = 2
        case tryLater = 3
        case signatureRequired = 5
        case unauthorized = 6
    }

    package enum Content: Sendable {
        case failure(Failure)
        case basic(Basic)
    }

    /// `BasicOCSPResponse`.
    package struct Basic: Sendable {
        package enum Responder: Sendable, Hashable {
            case name([UInt8])
            /// SHA-1 of the public key.
            case key([UInt8])
        }

        package var responder: Responder
        package var producedAt: Date
        package var answers: [Answer]
        package var nonce: [UInt8]?
        /// Of an extension that is critical and not processed here.
        package var criticalExtension: String?
        package var certificates: [Certificate]
        /// The bytes that the signature is over, as they came.
        var signed: [UInt8]
        var signature: [UInt8]
        var algorithm: ASN1ObjectIdentifier
    }

    /// `SingleResponse`.
    package struct Answer: Sendable, Hashable {
        package enum Status: Sendable, Hashable {
            case good
            case revoked(at: Date)
            case unknown
        }

        package var id: OCSPCertificateID
        package var status: Status
        package var thisUpdate: Date
        package var nextUpdate: Date?
    }

    package let content: Content

    /// - Throws: `Malformed`.
    package init(der: [UInt8]) throws {
        do {
            content = try OCSPResponseSyntax.content(DER.parse(der))
        } catch let malformed as DERFields.Malformed {
            throw Malformed(description: malformed.what)
        } catch {
            throw Malformed(description: "\(error)")
        }
    }
}
