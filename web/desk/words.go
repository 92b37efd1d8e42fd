package desk

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// words seals what people look for, so that it can travel in an address: an
// address stays in histories, and no name may stand there. The key lives as
// long as the process; an address from before a restart finds everything.
type words struct{ aead cipher.AEAD }

// sealedStep is the step to which sealed words are filled up, in bytes, so that
// their length tells little.
const sealedStep = 32

func newWords() (*words, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &words{aead}, err
}

// seal makes a token of the words; "" of none.
func (w *words) seal(text string) string {
	if text == "" {
		return ""
	}
	if n := len(text) % sealedStep; n != 0 {
		text += strings.Repeat("\x00", sealedStep-n)
	}
	nonce := make([]byte, w.aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawURLEncoding.EncodeToString(w.aead.Seal(nonce, nonce, []byte(text), nil))
}

// open returns the words of a token; ok is false for one that this process did
// not make.
func (w *words) open(token string) (text string, ok bool) {
	if token == "" {
		return "", true
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < w.aead.NonceSize() {
		return "", false
	}
	plain, err := w.aead.Open(nil, b[:w.aead.NonceSize()], b[w.aead.NonceSize():], nil)
	if err != nil {
		return "", false
	}
	return strings.TrimRight(string(plain), "\x00"), true
}
