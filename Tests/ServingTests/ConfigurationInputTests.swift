import Foundation
import Serving
import Testing

struct ConfigurationInputTests {
    private struct Document: Decodable, Equatable {
        struct Listen: Decodable, Equatable {
            var host: String
            var port: Int?
        }
        var listen: Listen
        var clients: [Listen]?
        var labels: [String: String]?
        var clientCA: String?
        var level: Level?

        enum Level: String, Decodable { case low, high }
        enum CodingKeys: String, CodingKey {
            case listen, clients, labels, level
            case clientCA = "client_ca"
        }
    }

    private func decode(_ text: String) throws -> Document {
        try ConfigurationInput.decode(Document.self, text: text, file: "c.json")
    }

    @Test("A document with known members is read; a null is as good as nothing")
    func known() throws {
        let document = try decode(
            #"{"listen":{"host":"h","port":0},"clients":[{"host":"c"}],"labels":{"any":"thing"},"client_ca":null,"level":"high"}"#)
        #expect(document.listen == .init(host: "h", port: 0))
        #expect(document.clients == [.init(host: "c", port: nil)])
        #expect(document.labels == ["any": "thing"])
        #expect(document.level == .high)
    }

    @Test(
        "What is wrong is named with its path",
        arguments: [
            (#"{"listen":{"host":"h"},"lisen":1}"#, "lisen", "is not known"),
            (#"{"listen":{"host":"h","pert":1}}"#, "listen.pert", "is not known"),
            (#"{"listen":{"host":"h"},"clients":[{"host":"a"},{"host":"b","x":null}]}"#, "clients[1].x", "is not known"),
            (#"{"listen":{"host":1}}"#, "listen.host", "has the wrong type"),
            (#"{"listen":{}}"#, "listen.host", "is missing"),
            (#"{}"#, "listen", "is missing"),
        ])
    func wrong(text: String, member: String, message: String) {
        #expect(throws: ConfigurationError(file: "c.json", member: member, message: message)) { try decode(text) }
    }

    @Test("What is not JSON is an error of the document")
    func syntax() {
        #expect { try decode("{") } throws: { ($0 as? ConfigurationError)?.member == "" }
        #expect { try decode(#"{"listen":{"host":"h"},"level":"odd"}"#) } throws: { ($0 as? ConfigurationError)?.member == "level" }
    }

    @Test("A file that is not there is an error of the configuration")
    func missingFile() {
        #expect(throws: ConfigurationError(file: "/nonexistent/c.json", message: "cannot be read")) {
            try ConfigurationInput.read("/nonexistent/c.json")
        }
    }
}
