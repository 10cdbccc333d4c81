/// Secrets that tokens are signed with where nobody thought of it: from tutorials, defaults and lists of passwords.
enum WeakSecrets {
    static let all: [String] =
        words + words.flatMap { word in ["123", "1", "!", "-key", "_key"].map { word + $0 } } + words.map { $0.uppercased() }

    private static let words = [
        "", "secret", "password", "changeme", "change-me", "change_me", "jwt", "jwt-secret", "jwt_secret", "jwtsecret",
        "your-256-bit-secret",
        "your-384-bit-secret", "your-512-bit-secret", "your-secret", "your_secret", "your-secret-key", "your_secret_key", "yoursecret",
        "my-secret", "my_secret", "mysecret", "my-secret-key", "mysecretkey", "supersecret", "super-secret", "super_secret",
        "supersecretkey", "super-secret-key", "secretkey", "secret-key", "secret_key", "shhhhh", "shhhhhared-secret", "shared-secret",
        "shared_secret", "sharedsecret", "private", "private-key", "privatekey", "key", "apikey", "api-key", "token", "token-secret",
        "tokensecret", "access", "access-secret", "accesssecret", "auth", "auth-secret", "authsecret", "oauth", "admin", "root", "test",
        "testing", "test-secret", "testsecret", "dev", "development", "dev-secret", "devsecret", "default", "example", "example-secret",
        "demo", "local", "localhost", "hello", "helloworld", "qwerty", "abc", "abc123", "abcdef", "letmein", "welcome", "monkey", "dragon",
        "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "0000", "00000000", "foo", "bar", "foobar",
        "keyboard cat", "node", "express", "django-insecure", "laravel", "symfony", "spring", "gin", "flask", "rails", "mcp", "mcp-secret",
        "mcpsecret", "session", "session-secret", "cookie", "signing-key", "signingkey", "hmac", "hs256", "authbed",
    ]
}
