import Foundation
import SystemPackage

/// A configuration that cannot be used: the operator's mistake, which programs answer with exit code 2.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file, or `-` for standard input.
    package var file: String
    /// The member it is about, such as `tls.client_ca`; empty for the document as a whole.
    package var member: String
    package var message: String

    package init(file: String, member: String = "", message: String) {
        self.file = file
        self.member = member
        self.message = message
    }

    package var description: String {
        "\(file): error: " + (member.isEmpty ? "" : "\(member): ") + message
    }
}

/// The one configuration document of a program.
package enum ConfigurationInput {
    /// The text of a file, or for `-` the first line of standard input, which stays open behind it.
    /// - Throws: `ConfigurationError`.
    package static func read(_ path: String) throws -> String {
        do {
            let bytes = try path == "-" ? firstLine(of: .standardInput) : [UInt8](Data(contentsOf: URL(filePath: path)))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ConfigurationError(file: path, message: "not UTF-8")
            }
            return text
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(file: path, message: "cannot be read")
        }
    }

    /// Reads a document of type `Value` from `path`: JSON with snake_case members, none of them unknown.
    /// - Throws: `ConfigurationError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        try decode(type, text: read(path), file: path)
    }

    /// - Parameter file: What the error calls the text's origin.
    /// - Throws: `ConfigurationError`.
    package static func decode<Value: Decodable>(_ type: Value.Type, text: String, file: String) throws -> Value {
        do {
            return try ConfigurationDecoding.decode(type, from: text)
        } catch let error as ConfigurationDecoding.Failure {
            throw ConfigurationError(file: file, member: error.member, message: error.message)
        }
    }

    /// One byte at a time: what follows the line belongs to somebody else.
    private static func firstLine(of input: FileDescriptor) throws -> [UInt8] {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while try withUnsafeMutableBytes(of: &byte, { try input.read(into: $0) }) == 1, byte != 0x0A {
            line.append(byte)
        }
        return line
    }
}
