import Foundation

/// JSON decoding that refuses members nobody asks for: a misspelt member of a configuration must not pass for an absent one.
package enum ConfigurationDecoding {
    package struct Failure: Error, Hashable {
        /// Such as `issuers[0].jwks_uri`; empty for the document as a whole.
        package var member: String
        package var message: String
    }

    /// Decodes a document; member names are matched by the type's coding keys as they stand.
    /// - Throws: `Failure`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Strict<Value>.self, from: Data(text.utf8)).value
        } catch let failure as Failure {
            throw failure
        } catch let error as DecodingError {
            throw Failure(error)
        }
    }

    static func name(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { name, key in
            if let index = key.intValue {
                name += "[\(index)]"
            } else {
                name += (name.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}

extension ConfigurationDecoding.Failure {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(member: ConfigurationDecoding.name(context.codingPath + [key]), message: "is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self.init(member: ConfigurationDecoding.name(context.codingPath), message: "has the wrong type")
        case .dataCorrupted(let context):
            let syntax = (context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] as? String
            self.init(member: ConfigurationDecoding.name(context.codingPath), message: syntax ?? context.debugDescription)
        @unknown default:
            self.init(member: "", message: "\(error)")
        }
    }
}
