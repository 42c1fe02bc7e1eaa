{
	const 名前 = '😀😀'; throw new Error(名前);
}
