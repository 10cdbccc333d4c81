import COpenSSL

/// Distinguished Encoding Rules (X.690), as far as certificates, lists and answers need them.
///
/// Written octet by octet, because OpenSSL's text notation splits at commas and would repair what is to be wrong.
enum DER {
    static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        guard content.count > 127 else { return [tag, UInt8(content.count)] + content }
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { tagged(0x30, parts.flatMap(\.self)) }

    static func octets(_ content: [UInt8]) -> [UInt8] { tagged(0x04, content) }

    static let yes: [UInt8] = [0x01, 0x01, 0xFF]

    /// A number that is not negative.
    static func integer(_ number: Int) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = number
        repeat {
            octets.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        } while rest > 0
        return tagged(0x02, octets[0] > 127 ? [0] + octets : octets)
    }

    /// A named bit list: trailing zeros are left out (X.690 section 11.2.2).
    /// - Parameter tag: 0x03 for a BIT STRING, or the one that stands in its place.
    static func bits(_ numbers: Set<Int>, tag: UInt8 = 0x03) -> [UInt8] {
        guard let last = numbers.max() else { return tagged(tag, [0]) }
        var octets = [UInt8](repeating: 0, count: last / 8 + 1)
        for number in numbers { octets[number / 8] |= 0x80 >> UInt8(number % 8) }
        return tagged(tag, [UInt8(7 - last % 8)] + octets)
    }

    /// An object identifier, by its numbers with dots.
    /// - Throws: `ForgingError` of kind request when it is none.
    static func object(_ text: String) throws -> [UInt8] {
        guard let object = OBJ_txt2obj(text, 1) else {
            ERR_clear_error()
            throw ForgingError.request("'\(text)' is no object identifier, such as 1.3.6.1.4.1.99999.1")
        }
        defer { ASN1_OBJECT_free(object) }
        var octets = [UInt8](repeating: 0, count: Int(i2d_ASN1_OBJECT(object, nil)))
        octets.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            i2d_ASN1_OBJECT(object, &start)
        }
        return octets
    }
}
