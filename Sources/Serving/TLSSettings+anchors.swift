import Foundation
import MutualTLS
import X509

extension TLSSettings {
    /// - Throws: `Problem.anchorAmongIntermediates` for a certificate whose issuer is its subject.
    static func refuseAnchors(in path: String) throws {
        let text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        guard try Certificate.all(inPEM: text).allSatisfy({ $0.issuer != $0.subject }) else {
            throw Problem.anchorAmongIntermediates(path)
        }
    }
}
