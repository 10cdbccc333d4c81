import CCurl
import CShims

extension CurlHandle {
    /// Sets everything for one transfer. Connections and TLS sessions of earlier ones stay.
    func prepare(_ request: ProbeRequest, ca: String?, identity: ClientIdentity?, channel: Channel) {
        reset()
        Tally.noteRequest()
        connect(to: request.url, instead: request.connectTo, ca: ca, identity: identity, timeout: request.timeout)
        witness.showsWeakCertificates = request.showsWeakCertificates
        switch request.tls {
        case nil: break
        case .tls12: set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2) | Int(CURL_SSLVERSION_MAX_TLSv1_2))
        case .tls13: set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_3))
        }
        if let source = request.source { set(CURLOPT_INTERFACE, "host!\(source)") }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        carry(request)
        set(CURLOPT_SSL_SESSIONID_CACHE, channel == .resumedSession ? 1 : 0)
        set(CURLOPT_FRESH_CONNECT, channel == .kept ? 0 : 1)
        set(CURLOPT_FORBID_REUSE, channel == .kept ? 0 : 1)
    }

    /// Where to connect, whom to trust and who to be. The server is verified in every case.
    func connect(to url: String, instead target: String?, ca: String?, identity: ClientIdentity?, timeout: Double) {
        set(CURLOPT_URL, url)
        set(CURLOPT_PATH_AS_IS, 1)
        if let target { set(CURLOPT_CONNECT_TO, list: ["::\(target)"]) }
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_NOSIGNAL, 1)
        // Not even the environment's.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_TCP_NODELAY, 1)
        // Zero would mean no limit at all.
        set(CURLOPT_TIMEOUT_MS, max(1, Int(timeout * 1000)))
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        (witness.ca, witness.identity) = (ca, identity)
        // Only what was named is trusted, nothing of the machine's, and libcurl need not keep what is kept already.
        ccurl_set_string(curl, CURLOPT_CAINFO, nil)
        ccurl_set_string(curl, CURLOPT_CAPATH, nil)
        set(CURLOPT_CA_CACHE_TIMEOUT, 0)
    }

    private func carry(_ request: ProbeRequest) {
        // libcurl takes "Name:" as the wish to leave a field out, and "Name;" as one without a value.
        var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // Fields of its own that nobody asked for.
        for name in ["Content-Type", "Expect"] where !request.headers.contains(where: { $0.isNamed(name) }) { lines.append("\(name):") }
        set(CURLOPT_HTTPHEADER, list: lines)
        guard !request.body.isEmpty || request.method == "POST" || request.method == "PUT" else { return }
        ccurl_set_offset(curl, CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
        request.body.withUnsafeBytes { bytes in
            // An empty body may have no address, and libcurl wants one.
            guard let base = bytes.baseAddress else { return set(CURLOPT_COPYPOSTFIELDS, "") }
            ccurl_set_string(curl, CURLOPT_COPYPOSTFIELDS, base.assumingMemoryBound(to: CChar.self))
        }
    }
}
