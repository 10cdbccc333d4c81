import Foundation
import SwiftASN1
import X509

/// The ASN.1 of RFC 6960 section 4.2.1.
enum OCSPResponseSyntax {
    static func content(_ node: ASN1Node) throws -> OCSPResponse.Content {
        try DER.sequence(node, identifier: .sequence) { fields in
            let status = try enumerated(fields.required("responseStatus"))
            guard status == 0 else {
                guard let failure = OCSPResponse.Failure(rawValue: status), fields.next() == nil else {
                    throw DERFields.Malformed("responseStatus")
                }
                return .failure(failure)
            }
            let bytes = try DERFields.explicit(fields.required("responseBytes"), 0)
            return try DER.sequence(bytes, identifier: .sequence) { parts in
                // id-pkix-ocsp-basic
                guard try ASN1ObjectIdentifier(derEncoded: &parts) == [1, 3, 6, 1, 5, 5, 7, 48, 1, 1] else {
                    throw DERFields.Malformed("responseType")
                }
                return .basic(try basic(DER.parse(ASN1OctetString(derEncoded: &parts).bytes)))
            }
        }
    }

    private static func basic(_ node: ASN1Node) throws -> OCSPResponse.Basic {
        try DER.sequence(node, identifier: .sequence) { parts in
            let data = try parts.required("tbsResponseData")
            let algorithm = try DERFields.algorithm(parts.required("signatureAlgorithm"))
            let bits = try ASN1BitString(derEncoded: &parts)
            guard bits.paddingBits == 0 else { throw DERFields.Malformed("signature with padding bits") }
            var basic = try responseData(data)
            (basic.signed, basic.signature, basic.algorithm) = (Array(data.encodedBytes), Array(bits.bytes), algorithm)
            if let certificates = parts.next() {
                basic.certificates = try DER.sequence(
                    of: Certificate.self, identifier: .sequence, rootNode: DERFields.explicit(certificates, 0))
            }
            return basic
        }
    }

    private static func responseData(_ node: ASN1Node) throws -> OCSPResponse.Basic {
        try DER.sequence(node, identifier: .sequence) { fields in
            var first = try fields.required("responderID")
            if first.identifier == tag(0) {
                // DER leaves a default out, and there is no version but the default.
                guard try Int(derEncoded: DERFields.explicit(first, 0)) == 0 else { throw DERFields.Malformed("version") }
                first = try fields.required("responderID")
            }
            var basic = OCSPResponse.Basic(
                responder: try responder(first), producedAt: try DERFields.generalizedTime(fields.required("producedAt")),
                answers: [], certificates: [], signed: [], signature: [], algorithm: [0, 0])
            let answers = try fields.required("responses")
            guard answers.identifier == .sequence, case .constructed(let nodes) = answers.content else {
                throw DERFields.Malformed("responses")
            }
            basic.answers = try nodes.map(answer)
            if let extensions = fields.next() {
                for item in try DERFields.extensions(DERFields.explicit(extensions, 1)) {
                    if item.oid == OCSPRequest.nonceExtension {
                        basic.nonce = Array(try ASN1OctetString(derEncoded: item.value).bytes)
                    } else if item.critical {
                        basic.criticalExtension = item.oid.description
                    }
                }
            }
            return basic
        }
    }

    private static func responder(_ node: ASN1Node) throws -> OCSPResponse.Basic.Responder {
        if node.identifier == tag(1) {
            let name = try DERFields.explicit(node, 1)
            _ = try DistinguishedName(derEncoded: name)
            return .name(Array(name.encodedBytes))
        }
        return .key(Array(try ASN1OctetString(derEncoded: DERFields.explicit(node, 2)).bytes))
    }

    private static func answer(_ node: ASN1Node) throws -> OCSPResponse.Answer {
        try DER.sequence(node, identifier: .sequence) { fields in
            var answer = OCSPResponse.Answer(
                id: try OCSPCertificateID(derEncoded: fields.required("certID")), status: try status(fields.required("certStatus")),
                thisUpdate: try DERFields.generalizedTime(fields.required("thisUpdate")))
            var next = fields.next()
            if let node = next, node.identifier == tag(0) {
                answer.nextUpdate = try DERFields.generalizedTime(DERFields.explicit(node, 0))
                next = fields.next()
            }
            guard let extensions = next else { return answer }
            for item in try DERFields.extensions(DERFields.explicit(extensions, 1)) where item.critical {
                throw DERFields.Malformed("critical extension \(item.oid)")
            }
            return answer
        }
    }

    private static func status(_ node: ASN1Node) throws -> OCSPResponse.Answer.Status {
        switch node.identifier {
        case tag(0):
            _ = try ASN1Null(derEncoded: node, withIdentifier: tag(0))
            return .good
        case tag(1):
            return try DER.sequence(node, identifier: tag(1)) { fields in
                let time = try DERFields.generalizedTime(fields.required("revocationTime"))
                if let reason = fields.next() { _ = try enumerated(DERFields.explicit(reason, 0)) }
                return .revoked(at: time)
            }
        case tag(2):
            _ = try ASN1Null(derEncoded: node, withIdentifier: tag(2))
            return .unknown
        default: throw DERFields.Malformed("certStatus")
        }
    }

    /// ENUMERATED, of which every value in use takes one byte.
    private static func enumerated(_ node: ASN1Node) throws -> Int {
        guard node.identifier == .enumerated, case .primitive(let bytes) = node.content, bytes.count == 1, let value = bytes.first,
            value < 0x80
        else { throw DERFields.Malformed("ENUMERATED") }
        return Int(value)
    }

    private static func tag(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
