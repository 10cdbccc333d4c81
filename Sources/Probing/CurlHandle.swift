import CCurl
import COpenSSL
import CShims

/// Owns a `CURL *` and what its callbacks collect. Not Sendable: used by one thread at a time.
final class CurlHandle {
    let curl: UnsafeMutableRawPointer
    var headers: [ProbeHeader] = []
    private(set) var body: [UInt8] = []
    private(set) var began: Int64 = 0
    /// Takes the body as it comes, in place of `body`; false breaks the transfer off.
    var listener: ((UnsafeRawBufferPointer) -> Bool)?
    let witness = HandshakeWitness()
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let errors = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init() {
        Library.start()
        guard let curl = curl_easy_init() else { fatalError("libcurl has no memory for a handle") }
        self.curl = curl
        errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(curl)
        freeLists()
        errors.deallocate()
    }

    /// Forgets the last transfer, options and all. Connections and TLS sessions stay.
    func reset() {
        curl_easy_reset(curl)
        freeLists()
        (headers, body, listener) = ([], [], nil)
        witness.forget()
        errors[0] = 0
        ccurl_set_pointer(curl, CURLOPT_ERRORBUFFER, errors)
        witness.watch(curl)
        collect()
        began = MonotonicClock.nanoseconds()
    }

    /// What libcurl says went wrong, or the name it has for the result.
    func words(for result: CURLcode) -> String {
        let text = String(cString: errors)
        return text.isEmpty ? String(cString: curl_easy_strerror(result)) : text
    }

    private func collect() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(curl, CURLOPT_WRITEDATA, context)
        ccurl_set_data_fn(curl, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            guard let context else { return 0 }
            let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
            let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
            // Any other number than that of the octets ends the transfer.
            if let listener = handle.listener { return listener(bytes) ? bytes.count : 0 }
            handle.body += bytes
            return bytes.count
        }
        ccurl_set_pointer(curl, CURLOPT_HEADERDATA, context)
        ccurl_set_data_fn(curl, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            guard let context else { return 0 }
            let line = String(decoding: UnsafeRawBufferPointer(start: data, count: size * count), as: UTF8.self)
            Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().receive(line)
            return size * count
        }
    }

    private func receive(_ line: String) {
        if line.hasPrefix("HTTP/") {
            // A head of its own: an interim answer (RFC 9110 section 15.2) came before.
            headers = []
            if let ssl = ccurl_current_ssl(curl).map({ OpaquePointer($0) }) { witness.look(at: ssl) }
        } else if let field = ProbeHeader(line: line) {
            headers.append(field)
        }
    }

    func set(_ option: CURLoption, _ value: Int) { ccurl_set_long(curl, option, value) }
    func set(_ option: CURLoption, _ value: String) { ccurl_set_string(curl, option, value) }

    func set(_ option: CURLoption, list lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) }
        guard let list else { return }
        lists.append(list)
        ccurl_set_list(curl, option, list)
    }

    private func freeLists() {
        for list in lists { curl_slist_free_all(list) }
        lists = []
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_get_long(curl, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int {
        var value = 0
        ccurl_get_offset(curl, info, &value)
        return value
    }

    enum Library {
        private static let started: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

        /// Must have happened once before any thread uses the library.
        static func start() { _ = started }
    }
}
