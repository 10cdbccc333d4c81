import Forging
import Foundation
import Testing

@Suite("Digests of contents") struct ContentDigestTests {
    @Test("A file has the digest of its octets, in one piece or in several", arguments: [0, 3, 1 << 20, 1 << 20 + 1, 5 << 19])
    func files(size: Int) throws {
        let octets = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let scratch = try Scratch()
        let path = scratch.path + "/contents"
        try Data(octets).write(to: URL(fileURLWithPath: path))
        #expect(try ContentDigest.hex(ofFile: path) == ContentDigest.hex(of: octets))
    }

    @Test("The digest is that of FIPS 180-4's example, and a file that is not there has none")
    func known() throws {
        #expect(ContentDigest.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(throws: (any Error).self) { try ContentDigest.hex(ofFile: "/nowhere/at/all") }
    }
}
