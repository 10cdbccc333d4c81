import COpenSSL

/// Something that could not be made, in words: OpenSSL's own, or the file system's.
package struct ForgingError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// The caller asked for something that makes no sense or does not exist.
        case request
        /// A file or OpenSSL failed.
        case failure
    }

    package var kind: Kind
    package var message: String

    package var description: String { message }

    init(_ message: String, kind: Kind = .failure) {
        self.kind = kind
        self.message = message
    }

    static func request(_ message: String) -> ForgingError { ForgingError(message, kind: .request) }

    /// What OpenSSL has queued on this thread, which it leaves empty for the next act.
    static func openSSL(_ act: String) -> ForgingError {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            if let reason = ERR_reason_error_string(code) { reasons.append(String(cString: reason)) }
        }
        return ForgingError("OpenSSL could not \(act)" + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: ", ")))
    }
}

/// The pointer OpenSSL returned, or its reason for returning none.
func made<Pointer>(_ pointer: Pointer?, _ act: String) throws -> Pointer {
    guard let pointer else { throw ForgingError.openSSL(act) }
    return pointer
}

/// Throws OpenSSL's reason unless the result says success, which in its functions is any positive number.
func succeed(_ result: some BinaryInteger, _ act: String) throws {
    guard result > 0 else { throw ForgingError.openSSL(act) }
}
